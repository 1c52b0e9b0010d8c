public enum BoxRelation { case disjoint, covers, undecided }
public final class PreparedGeometry {
    public let envelopes: [PlanarBox]
    let geometry: Geometry
    public init(_ geometry: Geometry) throws { self.geometry = geometry.normalized(); envelopes = PlanarBox(self.geometry).map { [$0] } ?? [] }
    public func relation(to box: PlanarBox) -> BoxRelation { .undecided }
    public func intersects(wkb: UnsafeRawBufferPointer, box: PlanarBox) -> Bool { satisfies(.intersects, wkb: wkb, box: box) }
    public func satisfies(_ p: SpatialPredicate, wkb: UnsafeRawBufferPointer, box: PlanarBox) -> Bool { (try? Geometry(wkb: wkb).satisfies(p, geometry)) ?? false }
}
