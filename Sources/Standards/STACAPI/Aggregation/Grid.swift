/// A division of the globe into cells, at one of several precisions.
public enum Grid: Sendable, Hashable {
    /// [Geohash](https://en.wikipedia.org/wiki/Geohash) of so many characters, 1 to 12.
    case geohash(Int)
    /// Tiles of a Web Mercator map at a zoom level, 0 to 29, named `zoom/x/y`. Latitudes beyond ±85.0511° belong to the
    /// outermost tiles.
    case geotile(Int)

    public static let geohashPrecisions = 1...12
    public static let geotilePrecisions = 0...29
}
