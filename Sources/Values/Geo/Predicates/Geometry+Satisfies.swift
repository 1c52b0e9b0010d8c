extension Geometry {
    /// Whether the relation holds between this geometry, on the left, and `other`, on the right.
    ///
    /// Both are normalised; the relation is that of the plane of longitude and latitude. Invalid geometries, such as a
    /// ring that crosses itself, are repaired first.
    public func satisfies(_ predicate: SpatialPredicate, _ other: Geometry) -> Bool {
        let geos = GEOSContext()
        func shape(_ geometry: Geometry) -> GEOSShape {
            let shape = geos.readShape(wkb: geometry.normalized().wkb)
            return shape.isValid ? shape : shape.repaired()
        }
        let (left, right) = (shape(self), shape(other))
        return left.satisfies(predicate, right)
            ?? GEOSPreparedShape(right).isSatisfiedAtLast(predicate, by: left)
    }
}
