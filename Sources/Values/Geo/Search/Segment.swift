/// An edge between two positions.
struct Segment {
    var start: SIMD2<Double>
    var end: SIMD2<Double>

    /// Whether the two share a point; touching counts.
    ///
    /// Exact as far as `geos.orientation` is: the signs are those of GEOS, and so is the result.
    @inline(__always)
    func intersects(_ other: Segment, _ geos: GEOSContext) -> Bool {
        guard min(start.x, end.x) <= max(other.start.x, other.end.x),
            min(other.start.x, other.end.x) <= max(start.x, end.x),
            min(start.y, end.y) <= max(other.start.y, other.end.y),
            min(other.start.y, other.end.y) <= max(start.y, end.y)
        else { return false }
        // Both ends strictly on one side of the other's line: apart. All four on one line: the boxes overlap, so do
        // the segments.
        let first = orientation(start, end, other.start, geos)
        let second = orientation(start, end, other.end, geos)
        if first * second > 0 { return false }
        return orientation(other.start, other.end, start, geos) * orientation(other.start, other.end, end, geos) <= 0
    }
}

/// 1 when `point` lies to the left of the line from `start` to `end`, -1 to its right, 0 on it.
///
/// The determinant's sign is used where it exceeds the rounding error; GEOS decides the rest.
///
/// Source: the filter is that of Shewchuk, "Adaptive Precision Floating-Point Arithmetic and Fast Robust Geometric
/// Predicates" (1997), section 4.3: (3 + 16ε)ε with ε = 2^-53.
@inline(__always)
func orientation(
    _ start: SIMD2<Double>, _ end: SIMD2<Double>, _ point: SIMD2<Double>, _ geos: GEOSContext
) -> Int {
    let left = (start.x - point.x) * (end.y - point.y)
    let right = (start.y - point.y) * (end.x - point.x)
    let determinant = left - right
    let bound = 3.330_669_073_875_471_6e-16 * (abs(left) + abs(right))
    if determinant > bound { return 1 }
    if determinant < -bound { return -1 }
    return geos.orientation(start, end, point)
}
