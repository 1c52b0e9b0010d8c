/// One position in CRS84: longitude and latitude in degrees, and a height where there is one.
public struct Position: Sendable, Hashable {
    /// Longitude in degrees, east positive. Values outside ±180 are allowed; they wrap.
    public var x: Double
    /// Latitude in degrees, north positive, in -90...90.
    public var y: Double
    /// Height in metres above the WGS 84 ellipsoid.
    public var z: Double?

    public init(_ x: Double, _ y: Double, _ z: Double? = nil) {
        self.x = x
        self.y = y
        self.z = z
    }

    public init(x: Double, y: Double, z: Double? = nil) {
        self.init(x, y, z)
    }

    /// Whether both have the same longitude and latitude; heights are ignored.
    func coincides(with other: Position) -> Bool { x == other.x && y == other.y }
}
