/// A geometry that others are compared with, one after another. For one thread at a time.
///
/// Both are normalised; the relation is that of the plane of longitude and latitude. Invalid geometries, such as a ring
/// that crosses itself, are repaired first.
public final class ComparedGeometry {
    private let geos = GEOSContext()
    private let geometry: Geometry
    private lazy var shape = validShape(geometry)
    private lazy var prepared = GEOSPreparedShape(shape)

    /// Takes no time: the geometry is prepared when it is first compared.
    public init(_ geometry: Geometry) {
        self.geometry = geometry
    }

    /// Whether the relation holds with this geometry on the left.
    public func satisfies(_ predicate: SpatialPredicate, _ other: Geometry) -> Bool {
        let other = validShape(other)
        return shape.satisfies(predicate, other) ?? GEOSPreparedShape(other).isSatisfiedAtLast(predicate, by: shape)
    }

    /// Whether the relation holds with this geometry on the right.
    public func isSatisfied(_ predicate: SpatialPredicate, by other: Geometry) -> Bool {
        let other = validShape(other)
        return other.satisfies(predicate, shape) ?? prepared.isSatisfiedAtLast(predicate, by: other)
    }

    private func validShape(_ geometry: Geometry) -> GEOSShape {
        let shape = geos.readShape(wkb: geometry.normalized().wkb)
        return shape.isValid ? shape : shape.repaired()
    }
}
