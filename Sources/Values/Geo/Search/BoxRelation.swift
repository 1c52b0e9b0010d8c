/// The relation of a box to a query geometry, as far as it is decided without an exact test.
public enum BoxRelation: Sendable, Hashable {
    /// Nothing in the box touches the geometry.
    case disjoint
    /// The whole box, its edges included, lies in the inside of the geometry: everything in the box intersects the
    /// geometry and is within it.
    case covers
    /// Neither is certain.
    case undecided
}
