/// A closed rectangle in the plane of longitudes -180...180 and latitudes -90...90; it never crosses the antimeridian.
public struct PlanarBox: Sendable, Hashable {
    /// Degrees; `minX` ≤ `maxX`, `minY` ≤ `maxY`.
    public var minX, minY, maxX, maxY: Double

    @inlinable
    public init(minX: Double, minY: Double, maxX: Double, maxY: Double) {
        self.minX = minX
        self.minY = minY
        self.maxX = maxX
        self.maxY = maxY
    }

    /// The exact box around all positions as they stand; `nil` for an empty geometry.
    public init?(_ geometry: Geometry) {
        var box: PlanarBox?
        geometry.forEachPosition { position in
            let point = PlanarBox(minX: position.x, minY: position.y, maxX: position.x, maxY: position.y)
            box = box?.union(point) ?? point
        }
        guard let box else { return nil }
        self = box
    }

    /// Whether the two share a point; touching counts.
    @inlinable
    public func intersects(_ other: PlanarBox) -> Bool {
        minX <= other.maxX && other.minX <= maxX && minY <= other.maxY && other.minY <= maxY
    }

    /// Whether `other` lies in this box, its edges included.
    @inlinable
    public func contains(_ other: PlanarBox) -> Bool {
        minX <= other.minX && other.maxX <= maxX && minY <= other.minY && other.maxY <= maxY
    }

    @inlinable
    public func union(_ other: PlanarBox) -> PlanarBox {
        PlanarBox(
            minX: min(minX, other.minX), minY: min(minY, other.minY), maxX: max(maxX, other.maxX),
            maxY: max(maxY, other.maxY))
    }
}
