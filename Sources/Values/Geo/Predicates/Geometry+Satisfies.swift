extension Geometry {
    /// Whether the relation holds between this geometry, on the left, and `other`, on the right: see
    /// `ComparedGeometry`, which compares many.
    public func satisfies(_ predicate: SpatialPredicate, _ other: Geometry) -> Bool {
        ComparedGeometry(self).satisfies(predicate, other)
    }
}
