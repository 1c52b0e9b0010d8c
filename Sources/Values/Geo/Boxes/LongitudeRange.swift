/// Longitudes from `west` eastwards to `east`, degrees: across the antimeridian where `west` > `east`.
public struct LongitudeRange: Sendable, Hashable {
    public let west, east: Double

    public init(west: Double, east: Double) {
        self.west = west
        self.east = east
    }

    /// Degrees, 0...360.
    public var width: Double { west <= east ? east - west : east - west + 360 }

    /// -180...180.
    public var middle: Double {
        guard west > east else { return (west + east) / 2 }
        let middle = west + width / 2
        return middle >= 180 ? middle - 360 : middle
    }

    /// The longitudes of a normalised geometry: parts on both sides of the antimeridian form one range.
    ///
    /// - Returns: `nil` for an empty geometry.
    public init?(_ geometry: Geometry) {
        var ranges = LongitudeRanges()
        geometry.forEachPart { part in
            if let box = PlanarBox(part) { ranges.insert(LongitudeRange(west: box.minX, east: box.maxX)) }
        }
        guard let range = ranges.hull else { return nil }
        self = range
    }
}

extension Geometry {
    fileprivate func forEachPart(_ body: (Geometry) -> Void) {
        switch self {
        case .point, .lineString, .polygon: body(self)
        case .multiPoint(let points): for point in points { body(.point(point)) }
        case .multiLineString(let lines): for line in lines { body(.lineString(line)) }
        case .multiPolygon(let polygons): for polygon in polygons { body(.polygon(polygon)) }
        case .geometryCollection(let parts): for part in parts { part.forEachPart(body) }
        }
    }
}
