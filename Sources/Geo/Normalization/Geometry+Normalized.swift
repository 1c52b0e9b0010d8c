extension Geometry {
    /// The geometry in the plane of longitudes -180...180.
    public func normalized() -> Geometry { self }
}
