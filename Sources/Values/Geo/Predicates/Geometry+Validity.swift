extension Geometry {
    /// Whether rings do not cross themselves or each other, parts do not overlap, and so on: the rules of Simple
    /// Features, as GEOS checks them on the geometry as it stands.
    ///
    /// Source: [OGC 06-103r4, section 6.1](https://portal.ogc.org/files/?artifact_id=25355).
    public var isValid: Bool { GEOSContext().readShape(wkb: wkb).isValid }
}
