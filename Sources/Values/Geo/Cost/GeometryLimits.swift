/// What comparing with a geometry from outside may cost.
public struct GeometryLimits: Sendable, Hashable {
    /// Positions of all parts together.
    public var positionCount = 20_000
    /// Pairs of edges that cross or overlap. GEOS's time and memory go with them: repairing an area with so many takes
    /// some 50 ms.
    public var crossingCount = 10_000

    public init() {}
}

extension Geometry {
    public var positionCount: Int {
        switch self {
        case .point(let position): position == nil ? 0 : 1
        case .lineString(let line), .multiPoint(let line): line.count
        case .polygon(let lines), .multiLineString(let lines): lines.reduce(0) { $0 + $1.count }
        case .multiPolygon(let polygons): polygons.joined().reduce(0) { $0 + $1.count }
        case .geometryCollection(let parts): parts.reduce(0) { $0 + $1.positionCount }
        }
    }

    /// Checks a geometry before others are compared with it.
    ///
    /// - Throws: `GeoError` when it has too many positions, or its edges cross each other too often.
    /// - Complexity: O(*n* log *n*) in the positions, and in pairs of edges that overlap along one axis, whose number
    ///   is limited.
    public func check(_ limits: GeometryLimits) throws(GeoError) {
        let count = positionCount
        guard count <= limits.positionCount else {
            throw GeoError(.tooManyPositions(count, limit: limits.positionCount), at: .path(""))
        }
        // So few edges cannot cross more often.
        guard count * (count - 1) / 2 > limits.crossingCount else { return }
        try EdgeSweep(normalized()).check(limit: limits.crossingCount)
    }
}
