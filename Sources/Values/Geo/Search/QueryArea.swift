/// A part of a query with an area.
///
/// Plain data without references: a search tests millions of boxes, and counting references would cost as much as the
/// tests.
protocol QueryArea {
    /// The exact box around it.
    var box: PlanarBox { get }
    func relation(to box: PlanarBox) -> BoxRelation
    func contains(_ point: SIMD2<Double>, _ geos: GEOSContext) -> Bool
    /// - Parameter box: Holds the polygon; it need not be the smallest that does.
    func intersects(_ polygon: WKBFootprint.Polygon, box: PlanarBox, _ geos: GEOSContext) -> Bool
}
