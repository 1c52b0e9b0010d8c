/// A Sentinel-2 tile: a 100 km square of the Military Grid Reference System, with the overlap that the products have.
///
/// The exceptions of the grid in Norway and Svalbard are left out.
public struct MGRSTile: Sendable, Hashable {
    public let zone: UTMZone
    /// Latitude band, `C` to `X`.
    public let band: Character
    /// Column and row letter of the square.
    public let square: String
    /// West edge of the product, easting in metres.
    public let west: Double
    /// South edge of the product, northing in metres, negative in the south.
    public let south: Double
    /// Of the square's centre, in degrees.
    public let longitude, latitude: Double

    /// Width and height of the product in metres: 10,980 pixels of 10 m.
    public static let size = 109_800.0

    /// - Parameters:
    ///   - column: 1 to 8, the square's easting in 100 km.
    ///   - row: The square's northing in 100 km, negative in the south.
    /// - Returns: `nil` when no part of the square lies in the zone, or it lies outside the bands.
    public init?(zone: UTMZone, column: Int, row: Int) {
        let easting = Double(column) * 100_000
        let northing = Double(row) * 100_000
        let centre = zone.geographic(easting: easting + 50_000, northing: northing + 50_000)
        guard -80 <= centre.latitude, centre.latitude < 84 else { return nil }
        let isInside = [(0, 0), (1, 0), (0, 1), (1, 1)].contains { corner in
            let point = zone.geographic(
                easting: easting + 100_000 * Double(corner.0), northing: northing + 100_000 * Double(corner.1))
            return abs(point.longitude - zone.centralMeridian) < 3
        }
        guard isInside || abs(centre.longitude - zone.centralMeridian) < 3 else { return nil }
        self.zone = zone
        band = Self.bands[min(19, Int((centre.latitude + 80) / 8))]
        // The lettering repeats every three zones in columns, every two zones and 2,000 km in rows.
        let columnLetter = Self.columns[(zone.number - 1) % 3 * 8 + column - 1]
        let rowLetter = Self.rows[(((row + (zone.number % 2 == 0 ? 5 : 0)) % 20) + 20) % 20]
        square = String([columnLetter, rowLetter])
        // The products' upper left corner lies on the square's, rounded to whole pixels of 60 m.
        west = easting - 40
        south = northing - 9_800
        (longitude, latitude) = centre
    }

    private static let bands = Array("CDEFGHJKLMNPQRSTUVWX")
    private static let columns = Array("ABCDEFGHJKLMNPQRSTUVWXYZ")
    private static let rows = Array("ABCDEFGHJKLMNPQRSTUV")

    /// Without leading zero: `32UPU`.
    public var name: String { "\(zone.number)\(band)\(square)" }

    /// As in product names, five characters: `32UPU`, `05VNG`.
    public var paddedName: String { zone.number < 10 ? "0" + name : name }

    public var epsg: Int { (south < -9_800 ? 32_700 : 32_600) + zone.number }

    /// South edge as the zone's EPSG code has it, with the false northing of the south.
    public var falseSouth: Double { south < -9_800 ? south + 10_000_000 : south }

    /// The tiles whose squares have their centre in the box (degrees), by zone, row and column.
    public static func tiles(
        west: Double, south: Double, east: Double, north: Double
    ) -> [MGRSTile] {
        var tiles: [MGRSTile] = []
        let rows = Int((south * 1.105).rounded(.down)) - 2...Int((north * 1.12).rounded(.up)) + 2
        for zone in UTMZone(longitude: west).number...UTMZone(longitude: east - 1e-9).number {
            for row in rows {
                for column in 1...8 {
                    guard let tile = MGRSTile(zone: UTMZone(zone), column: column, row: row),
                        west <= tile.longitude, tile.longitude < east, south <= tile.latitude, tile.latitude < north
                    else { continue }
                    tiles.append(tile)
                }
            }
        }
        return tiles
    }
}
