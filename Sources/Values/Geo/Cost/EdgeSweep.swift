/// Counts the pairs of a geometry's edges that cross or overlap, up to a limit.
///
/// GEOS finds all of them before it does anything else, so that a star of a thousand edges costs seconds and gigabytes.
/// Edges that only share an end are no such pair.
struct EdgeSweep {
    private struct Edge {
        /// Ascending along the axis of the sweep: `start.x` ≤ `end.x`.
        var start, end: SIMD2<Double>
        var low, high: Double

        init(_ start: SIMD2<Double>, _ end: SIMD2<Double>) {
            (self.start, self.end) = start.x <= end.x ? (start, end) : (end, start)
            (low, high) = (min(start.y, end.y), max(start.y, end.y))
        }

        @inline(__always)
        func side(_ point: SIMD2<Double>) -> Double {
            (end.x - start.x) * (point.y - start.y) - (end.y - start.y) * (point.x - start.x)
        }

        /// Whether more than an end is shared.
        func crosses(_ other: Edge) -> Bool {
            let (first, second) = (side(other.start), side(other.end))
            if first * second > 0 { return false }
            let (third, fourth) = (other.side(start), other.side(end))
            if third * fourth > 0 { return false }
            if first * second < 0, third * fourth < 0 { return true }
            // On one line, or an end of one lies on the other.
            if first == 0, second == 0 {
                return SIMD2(max(start.x, other.start.x), max(low, other.low))
                    != SIMD2(min(end.x, other.end.x), min(high, other.high))
            }
            return start != other.start && start != other.end && end != other.start && end != other.end
        }

        /// Where the two meet; a common point of their boxes where they run along each other.
        func crossing(_ other: Edge) -> SIMD2<Double> {
            let (first, second) = (other.side(start), other.side(end))
            guard first != second else { return SIMD2(max(start.x, other.start.x), max(low, other.low)) }
            return start + (end - start) * (first / (first - second))
        }
    }

    /// Comparisons of edges that overlap along the axis of the sweep.
    private static func comparisonLimit(_ edgeCount: Int) -> Int { 1_000 * max(edgeCount, 20_000) }

    private var edges: [Edge] = []
    private let isTurned: Bool

    /// - Parameter geometry: Normalised.
    init(_ geometry: Geometry) {
        var lines: [[Position]] = []
        geometry.collectLines(&lines)
        // Along the axis on which the edges are short, few of them overlap.
        var lengths = SIMD2<Double>()
        for line in lines {
            for (from, to) in zip(line, line.dropFirst()) { lengths += SIMD2(abs(to.x - from.x), abs(to.y - from.y)) }
        }
        let box = PlanarBox(geometry)
        let (width, height) = (box.map { $0.maxX - $0.minX } ?? 0, box.map { $0.maxY - $0.minY } ?? 0)
        isTurned = lengths.x * height > lengths.y * width
        for line in lines {
            for (from, to) in zip(line, line.dropFirst()) where from != to {
                edges.append(
                    isTurned
                        ? Edge(SIMD2(from.y, from.x), SIMD2(to.y, to.x))
                        : Edge(SIMD2(from.x, from.y), SIMD2(to.x, to.y)))
            }
        }
        edges.sort { $0.start.x < $1.start.x }
    }

    /// - Throws: `GeoError` with the place of the first crossing in the order of the sweep.
    func check(limit: Int) throws(GeoError) {
        let excess = edges.withUnsafeBufferPointer { Self.excess($0, limit) }
        switch excess {
        case nil: return
        case .crossings(let first):
            let place = isTurned ? SIMD2(first.y, first.x) : first
            throw GeoError(.tooManyCrossings(limit: limit, longitude: place.x, latitude: place.y), at: .path(""))
        case .comparisons: throw GeoError(.tooEntangled, at: .path(""))
        }
    }

    private enum Excess {
        case crossings(first: SIMD2<Double>)
        case comparisons
    }

    private static func excess(_ edges: UnsafeBufferPointer<Edge>, _ limit: Int) -> Excess? {
        let comparisonLimit = comparisonLimit(edges.count)
        var (crossings, comparisons) = (0, 0)
        var first: SIMD2<Double>?
        for left in 0..<edges.count {
            // Nothing uses the result then.
            if left & 0xff == 0, Interruption.isRequested { return nil }
            let edge = edges[left]
            var right = left + 1
            // In bounds: `right` is below the count.
            while right < edges.count, edges[right].start.x <= edge.end.x {
                let other = edges[right]
                right += 1
                guard other.low <= edge.high, edge.low <= other.high, edge.crosses(other) else { continue }
                crossings += 1
                let place = first ?? edge.crossing(other)
                first = place
                if crossings > limit { return .crossings(first: place) }
            }
            comparisons += right - left
            if comparisons > comparisonLimit { return .comparisons }
        }
        return nil
    }
}

extension Geometry {
    fileprivate func collectLines(_ lines: inout [[Position]]) {
        switch self {
        case .point, .multiPoint: break
        case .lineString(let line): lines.append(line)
        case .polygon(let parts), .multiLineString(let parts): lines += parts
        case .multiPolygon(let polygons): lines += polygons.joined()
        case .geometryCollection(let parts): for part in parts { part.collectLines(&lines) }
        }
    }
}
