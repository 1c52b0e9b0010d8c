/// The spatial relations of CQL2, with `self` or the first operand on the left.
///
/// Sources: [OGC 06-103r4, section 6.1.15](https://portal.ogc.org/files/?artifact_id=25355),
/// [OGC 21-065r2 (CQL2), spatial functions](https://docs.ogc.org/is/21-065r2/21-065r2.html#spatial-functions).
public enum SpatialPredicate: String, Sendable, Hashable, CaseIterable {
    case intersects, disjoint, contains, within, equals, touches, crosses, overlaps
}
