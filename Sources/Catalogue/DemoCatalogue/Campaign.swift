import Temporal

/// A box (degrees) that is observed for some time.
struct Campaign: Sendable {
    let west, south, east, north: Double
    let start, end: Timestamp

    init(west: Double, south: Double, east: Double, north: Double, from start: String, to end: String) {
        (self.west, self.south, self.east, self.north) = (west, south, east, north)
        self.start = Timestamp(start)!
        self.end = Timestamp(end)!
    }

    /// The area and time of the whole demo.
    static let centralEurope = Campaign(
        west: 5, south: 46.5, east: 16, north: 55.5, from: "2020-01-01T00:00:00Z", to: "2022-01-01T00:00:00Z")

    func contains(longitude: Double, latitude: Double) -> Bool {
        west <= longitude && longitude < east && south <= latitude && latitude < north
    }
}
