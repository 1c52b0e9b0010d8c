/// A polygon without holes, in millionths of a degree, so that its text and its box agree to the last digit.
public struct Footprint: Sendable, Hashable {
    /// The corners counterclockwise, the first not repeated at the end.
    public private(set) var corners: [Corner] = []

    public struct Corner: Sendable, Hashable {
        public let longitude, latitude: Int

        public init(longitude: Double, latitude: Double) {
            self.longitude = Int((longitude * 1_000_000).rounded())
            self.latitude = Int((latitude * 1_000_000).rounded())
        }
    }

    public init() {
        corners.reserveCapacity(20)
    }

    /// Appends a corner unless it falls on the last one.
    public mutating func append(_ corner: Corner) {
        if corners.last != corner { corners.append(corner) }
    }

    /// West, south, east, north in millionths of a degree.
    public var bbox: (west: Int, south: Int, east: Int, north: Int) {
        var box = (west: Int.max, south: Int.max, east: Int.min, north: Int.min)
        for corner in corners {
            box.west = min(box.west, corner.longitude)
            box.south = min(box.south, corner.latitude)
            box.east = max(box.east, corner.longitude)
            box.north = max(box.north, corner.latitude)
        }
        return box
    }

    /// Mean of the corners, in degrees.
    public var centroid: (longitude: Double, latitude: Double) {
        let count = Double(max(1, corners.count)) * 1_000_000
        let sum = corners.reduce(into: (0, 0)) { sum, corner in
            sum.0 += corner.longitude
            sum.1 += corner.latitude
        }
        return (Double(sum.0) / count, Double(sum.1) / count)
    }
}
