/// An axis-aligned rectangle as a query.
struct RectangleArea: QueryArea {
    let box: PlanarBox

    /// `nil` unless the polygon is one ring of four corners along the axes.
    init?(_ rings: [[Position]]) {
        guard rings.count == 1, rings[0].isAxisAlignedRectangle, let box = PlanarBox(.polygon(rings)) else {
            return nil
        }
        self.box = box
    }

    /// All four comparisons are made before any is looked at: which of them fails cannot be predicted.
    @inline(__always)
    func relation(to other: PlanarBox) -> BoxRelation {
        let touches =
            SIMD4(box.minX, box.minY, other.minX, other.minY) .<= SIMD4(other.maxX, other.maxY, box.maxX, box.maxY)
        let isInside =
            SIMD4(box.minX, box.minY, other.maxX, other.maxY) .< SIMD4(other.minX, other.minY, box.maxX, box.maxY)
        return all(isInside) ? .covers : all(touches) ? .undecided : .disjoint
    }

    @inline(__always)
    func contains(_ point: SIMD2<Double>, _ geos: GEOSContext) -> Bool { contains(point) }

    @inline(__always)
    private func contains(_ point: SIMD2<Double>) -> Bool {
        box.minX <= point.x && point.x <= box.maxX && box.minY <= point.y && point.y <= box.maxY
    }

    func intersects(_ polygon: WKBFootprint.Polygon, box: PlanarBox, _ geos: GEOSContext) -> Bool {
        var least = SIMD2<Double>(repeating: .infinity)
        var most = -least
        for ring in polygon.rings {
            for index in 1..<ring.count {
                let position = ring[index]
                if contains(position) { return true }
                least = pointwiseMin(least, position)
                most = pointwiseMax(most, position)
            }
        }
        let own = self.box
        guard least.x <= own.maxX, own.minX <= most.x, least.y <= own.maxY, own.minY <= most.y else { return false }
        // A polygon is in one piece: one no wider than the rectangle cannot get past it.
        if own.minX <= least.x, most.x <= own.maxX { return true }
        if own.minY <= least.y, most.y <= own.maxY { return true }
        for ring in polygon.rings {
            var previous = ring[0]
            for index in 1..<ring.count {
                let position = ring[index]
                if meetsEdge(previous, position, geos) { return true }
                previous = position
            }
        }
        return polygon.locate(SIMD2(own.minX, own.minY), geos) != .outside
    }

    /// For an edge with neither end in the rectangle: it meets it unless their boxes are apart, or all corners lie
    /// strictly on one side of its line. The two corners farthest across the line decide.
    @inline(__always)
    private func meetsEdge(_ start: SIMD2<Double>, _ end: SIMD2<Double>, _ geos: GEOSContext) -> Bool {
        guard min(start.x, end.x) <= box.maxX, box.minX <= max(start.x, end.x), min(start.y, end.y) <= box.maxY,
            box.minY <= max(start.y, end.y)
        else { return false }
        let isRising = (end.x > start.x) == (end.y > start.y)
        let first = orientation(start, end, SIMD2(box.minX, isRising ? box.maxY : box.minY), geos)
        let second = orientation(start, end, SIMD2(box.maxX, isRising ? box.minY : box.maxY), geos)
        return first * second <= 0
    }
}
