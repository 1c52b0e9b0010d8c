extension Geometry {
    /// The box as a geometry of the plane: a polygon, or a multipolygon of two when it crosses the antimeridian.
    ///
    /// A box without width or height becomes the point or the line that it is. Heights are left out.
    public init(_ box: BoundingBox) {
        guard box.crossesAntimeridian else {
            self = Geometry(PlanarBox(minX: box.west, minY: box.south, maxX: box.east, maxY: box.north))
            return
        }
        let west = PlanarBox(minX: box.west, minY: box.south, maxX: 180, maxY: box.north)
        let east = PlanarBox(minX: -180, minY: box.south, maxX: box.east, maxY: box.north)
        // A box that only touches the antimeridian has but one part with an area.
        let parts = [west, east].filter { $0.minX < $0.maxX }.map { Geometry($0) }
        switch parts.count {
        case 0: self = .multiLineString([west, east].map { $0.ring.prefix(2) }.map { Array($0) })
        case 1: self = parts[0]
        default:
            let polygons = parts.compactMap { if case .polygon(let rings) = $0 { rings } else { nil } }
            let lines = parts.compactMap { if case .lineString(let line) = $0 { line } else { nil } }
            self = polygons.isEmpty ? .multiLineString(lines) : .multiPolygon(polygons)
        }
    }

    /// A polygon; the point or the line that it is when the box has no width or no height.
    public init(_ box: PlanarBox) {
        let first = Position(box.minX, box.minY)
        if box.minX == box.maxX, box.minY == box.maxY {
            self = .point(first)
        } else if box.minX == box.maxX || box.minY == box.maxY {
            self = .lineString([first, Position(box.maxX, box.maxY)])
        } else {
            self = .polygon([box.ring])
        }
    }
}

extension PlanarBox {
    /// Counterclockwise from the south-west.
    fileprivate var ring: [Position] {
        let start = Position(minX, minY)
        return [start, Position(maxX, minY), Position(maxX, maxY), Position(minX, maxY), start]
    }
}
