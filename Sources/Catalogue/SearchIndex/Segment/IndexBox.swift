import Geo

/// A box transformed so that two intersect when, lane by lane, one is at most the other's counterpart: (minX, minY,
/// -maxX, -maxY).
///
/// An empty box intersects nothing.
struct IndexBox {
    var lanes: SIMD4<Double>

    static let empty = IndexBox(lanes: SIMD4(repeating: .infinity))

    init(lanes: SIMD4<Double>) {
        self.lanes = lanes
    }

    init(_ box: PlanarBox) {
        lanes = SIMD4(box.minX, box.minY, -box.maxX, -box.maxY)
    }

    var planar: PlanarBox { PlanarBox(minX: lanes[0], minY: lanes[1], maxX: -lanes[2], maxY: -lanes[3]) }

    /// The lane-by-lane upper bound of every box that intersects this one.
    var reach: SIMD4<Double> { SIMD4(-lanes[2], -lanes[3], -lanes[0], -lanes[1]) }

    @inline(__always)
    func meets(_ reach: SIMD4<Double>) -> Bool { all(lanes .<= reach) }
}
