/// A part of a query with an area.
protocol QueryArea {
    /// The exact box around it.
    var box: PlanarBox { get }
    func relation(to box: PlanarBox) -> BoxRelation
    func contains(_ point: SIMD2<Double>) -> Bool
    /// - Parameter box: Holds the polygon; it need not be the smallest that does.
    func intersects(_ polygon: WKBFootprint.Polygon, box: PlanarBox) -> Bool
}
