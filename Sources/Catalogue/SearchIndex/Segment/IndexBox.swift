import Geo

/// A box turned so that two meet when, lane by lane, one is at most the other's counterpart: (minX, minY, -maxX, -maxY).
///
/// A box that holds nothing meets nothing.
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

    /// What every box that meets this one is at most, lane by lane.
    var reach: SIMD4<Double> { SIMD4(-lanes[2], -lanes[3], -lanes[0], -lanes[1]) }

    @inline(__always)
    func meets(_ reach: SIMD4<Double>) -> Bool { all(lanes .<= reach) }
}
