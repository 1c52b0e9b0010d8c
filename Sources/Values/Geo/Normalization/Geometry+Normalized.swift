extension Geometry {
    /// The geometry in the plane of longitudes -180...180, without heights, as predicates and indexes use it.
    ///
    /// - An edge whose longitudes differ by more than 180° and less than 360° is taken to cross the antimeridian: that
    ///   is how most products write an unsplit footprint. Lines and areas that cross are cut there
    ///   into parts.
    /// - Longitudes beyond ±180 wrap, and lines and areas that cross ±180 are cut likewise.
    /// - 180 and -180 are one meridian: an edge between them leads nowhere, unless the ring only closes if it goes round
    ///   the Earth.
    /// - A ring that thus goes once round the Earth holds a pole: the one that `bbox` reaches, else that of its
    ///   hemisphere, or the one on its left should it lie in both. The pole's edge is added.
    /// - An axis-aligned rectangle more than half the Earth wide crosses the antimeridian if `bbox` does; without `bbox`,
    ///   if it winds clockwise on the map. Otherwise it stands as it is.
    ///
    /// Heights are dropped. A geometry that needs no cut keeps its type and the order of its positions. Normalised once
    /// more, the result is the same.
    ///
    /// - Parameter bbox: Of the Item that the geometry is of; decides what the rings leave open.
    ///
    /// Sources: [RFC 7946, section 3.1.9](https://www.rfc-editor.org/rfc/rfc7946#section-3.1.9) demands split
    /// geometries; others are read as the Python package does,
    /// [antimeridian](https://www.gadom.ski/antimeridian/latest/the-algorithm/).
    public func normalized(in bbox: BoundingBox? = nil) -> Geometry {
        switch self {
        case .point(let position):
            return .point(position?.wrapped)
        case .multiPoint(let positions):
            return .multiPoint(positions.map(\.wrapped))
        case .lineString(let line):
            let parts = Self.parts(ofLine: line)
            return parts.count == 1 ? .lineString(parts[0]) : parts.isEmpty ? .lineString([]) : .multiLineString(parts)
        case .multiLineString(let lines):
            return .multiLineString(lines.flatMap(Self.parts(ofLine:)))
        case .polygon(let rings):
            let parts = Self.parts(ofPolygon: rings, in: bbox)
            return parts.count == 1 ? .polygon(parts[0]) : parts.isEmpty ? .polygon([]) : .multiPolygon(parts)
        case .multiPolygon(let polygons):
            return .multiPolygon(polygons.flatMap { Self.parts(ofPolygon: $0, in: bbox) })
        case .geometryCollection(let parts):
            return .geometryCollection(parts.map { $0.normalized(in: bbox) })
        }
    }

    // MARK: Areas

    private static func parts(ofPolygon rings: [[Position]], in bbox: BoundingBox?) -> [[[Position]]] {
        guard rings.contains(where: \.needsCut) else { return rings.isEmpty ? [] : [rings.map { $0.map(\.flat) }] }
        guard let polygon = UnrolledPolygon(rings, in: bbox) else { return [] }
        let strips = polygon.strips
        var parts: [[[Position]]] = []
        var rest = [polygon]
        for strip in strips {
            guard strip < strips.upperBound else {
                parts += rest.map { $0.rings(inStrip: strip) }
                break
            }
            let halves = rest.map { $0.cut(atBorder: strip) }
            parts += halves.flatMap { $0.west.map { $0.rings(inStrip: strip) } }
            rest = halves.flatMap(\.east)
        }
        // An area of nothing, cut, leaves nothing; it shall still be found where it is.
        return parts.isEmpty ? [rings.map { $0.map(\.wrapped) }] : parts
    }

    // MARK: Lines

    private static func parts(ofLine line: [Position]) -> [[Position]] {
        guard line.needsCut else { return line.isEmpty ? [] : [line.map(\.flat)] }
        let unrolled = [UnrolledPosition](line, EdgeReading(ofLine: line))
        var parts: [[Position]] = []
        var strip: Int?
        for (from, to) in zip(unrolled, unrolled.dropFirst()) {
            for (start, end) in pieces(from, to) {
                let pieceStrips = [start, end].strips
                // An edge along a border goes with the part that led to it.
                if let strip, pieceStrips.contains(strip) || (start.lies(onStrip: strip) && end.lies(onStrip: strip)) {
                    parts[parts.count - 1].append(end.position(inStrip: strip))
                } else {
                    strip = pieceStrips.lowerBound
                    parts.append([start, end].map { $0.position(inStrip: pieceStrips.lowerBound) })
                }
            }
        }
        return parts
    }

    /// The edge, cut at the borders between its ends.
    private static func pieces(
        _ from: UnrolledPosition, _ to: UnrolledPosition
    ) -> [(UnrolledPosition, UnrolledPosition)] {
        let turns = (min(from.longitude.turn, to.longitude.turn) - 1)...max(from.longitude.turn, to.longitude.turn)
        let borders = turns.filter { from.distance(fromBorder: $0) * to.distance(fromBorder: $0) < 0 }
        let cuts = (from.x < to.x ? borders : borders.reversed()).map { from.crossing(to: to, border: $0) }
        return Array(zip([from] + cuts, cuts + [to]))
    }
}

extension Position {
    /// The same position with a longitude in ±180, without height.
    fileprivate var wrapped: Position { Position(Longitude(x).degrees, y) }

    fileprivate var flat: Position { Position(x, y) }
}

extension UnrolledPosition {
    fileprivate func lies(onStrip strip: Int) -> Bool {
        distance(fromBorder: strip - 1) >= 0 && distance(fromBorder: strip) <= 0
    }
}

extension [Position] {
    /// Whether a longitude lies outside ±180, or an edge may not go as it stands.
    fileprivate var needsCut: Bool {
        var previous: Double?
        for position in self {
            if abs(position.x) > 180 { return true }
            if let previous, GeometryRules.mayCrossAntimeridian(jump: position.x - previous) { return true }
            previous = position.x
        }
        return false
    }
}
