/// The location of a point relative to an area.
enum PointLocation {
    case outside, boundary, inside
}

/// Counts how often a ray from a point to the east meets the rings of an area; an odd number means inside.
struct RayCrossing {
    private let point: SIMD2<Double>
    private var isOdd = false
    private(set) var isOnBoundary = false

    init(_ point: SIMD2<Double>) {
        self.point = point
    }

    var location: PointLocation { isOnBoundary ? .boundary : isOdd ? .inside : .outside }

    /// An edge has its lower end but not its upper one, so that a ray through a corner counts it once.
    @inline(__always)
    mutating func count(_ start: SIMD2<Double>, _ end: SIMD2<Double>, _ geos: GEOSContext) {
        if start.x < point.x, end.x < point.x { return }
        if (start.y > point.y) != (end.y > point.y) {
            if start.x > point.x, end.x > point.x {
                isOdd.toggle()
                return
            }
            let side = orientation(start, end, point, geos)
            if side == 0 {
                isOnBoundary = true
            } else if (side > 0) == (end.y > start.y) {
                isOdd.toggle()
            }
        } else if end == point || start == point {
            isOnBoundary = true
        } else if start.y == point.y, end.y == point.y {
            isOnBoundary = isOnBoundary || (min(start.x, end.x) <= point.x && point.x <= max(start.x, end.x))
        }
    }
}
