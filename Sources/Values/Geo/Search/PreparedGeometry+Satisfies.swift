extension PreparedGeometry {
    /// Whether the relation holds between a footprint, on the left, and this geometry, on the right. Exact.
    ///
    /// - Parameters:
    ///   - wkb: As `FootprintEncoder` writes it.
    ///   - box: Holds the footprint; it need not be the smallest that does.
    public func satisfies(_ predicate: SpatialPredicate, wkb: UnsafeRawBufferPointer, box: PlanarBox) -> Bool {
        switch predicate {
        case .intersects: return intersects(wkb: wkb, box: box)
        case .disjoint: return !intersects(wkb: wkb, box: box)
        default: break
        }
        switch relation(to: box) {
        case .disjoint: return false
        // A box strictly inside is within, and satisfies no other remaining predicate.
        case .covers: return predicate == .within
        case .undecided: break
        }
        if predicate == .contains || predicate == .equals, !box.contains(envelope) { return false }
        return isSatisfiedByGEOS(predicate, wkb: wkb)
    }

    /// Footprints are used unrepaired; they are repaired only if GEOS fails on them.
    func isSatisfiedByGEOS(_ predicate: SpatialPredicate, wkb: UnsafeRawBufferPointer) -> Bool {
        guard let item = geos.shape(wkb: wkb) else { return predicate == .disjoint }
        return prepared.isSatisfiedAtLast(predicate, by: item)
    }
}
