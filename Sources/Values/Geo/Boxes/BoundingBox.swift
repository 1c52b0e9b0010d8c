public import JSON

/// A `bbox` as STAC and GeoJSON have it: it crosses the antimeridian where its west is greater than its east.
///
/// Source: [RFC 7946, section 5](https://www.rfc-editor.org/rfc/rfc7946#section-5).
public struct BoundingBox: Sendable, Hashable {
    /// Longitudes in degrees, -180...180.
    public let west, east: Double
    /// Latitudes in degrees, -90...90; south ≤ north.
    public let south, north: Double
    /// Heights in metres, when the box was given by six numbers.
    public let minZ, maxZ: Double?

    /// - Throws: `GeoError` when a number is not finite, a latitude farther outside ±90 than half a degree, or `south`
    ///   above `north`. Longitudes outside ±180 wrap; a box as wide as the Earth becomes -180...180. Latitudes outside ±90
    ///   become ±90.
    public init(
        west: Double, south: Double, east: Double, north: Double, minZ: Double? = nil, maxZ: Double? = nil
    ) throws(GeoError) {
        try self.init(minZ.map { [west, south, $0, east, north, maxZ ?? $0] } ?? [west, south, east, north])
    }

    /// Four numbers (west, south, east, north) or six (west, south, lowest, east, north, highest).
    ///
    /// - Throws: `GeoError` as the other initializer, or when there are not four or six numbers.
    public init(_ numbers: [Double]) throws(GeoError) {
        guard numbers.count == 4 || numbers.count == 6 else {
            throw GeoError(.expected("four or six numbers, not \(numbers.count)"), at: .path(""))
        }
        let half = numbers.count / 2
        for corner in [0, half] {
            let z = half == 3 ? numbers[corner + 2] : nil
            guard let reason = GeometryRules.fault(x: numbers[corner], y: numbers[corner + 1], z: z) else { continue }
            if case .latitudeOutOfRange = reason { throw GeoError(reason, at: .path("[\(corner + 1)]")) }
            throw GeoError(reason, at: .path(""))
        }
        south = GeometryRules.clamped(latitude: numbers[1])
        north = GeometryRules.clamped(latitude: numbers[half + 1])
        guard numbers[1] <= numbers[half + 1] else {
            throw GeoError(.southAboveNorth(south: numbers[1], north: numbers[half + 1]), at: .path(""))
        }
        (west, east) = Self.wrapped(numbers[0], numbers[half])
        minZ = half == 3 ? numbers[2] : nil
        maxZ = half == 3 ? numbers[5] : nil
    }

    /// - Returns: `nil` unless the element is an array that `init(_:)` takes.
    public init?(_ element: JSONElement) {
        guard element.kind == .array, let box = try? BoundingBox(element.elements.map { $0.double ?? .nan }) else {
            return nil
        }
        self = box
    }

    public var crossesAntimeridian: Bool { west > east }

    /// As it is written: four numbers, or six with heights.
    public var numbers: [Double] {
        guard let minZ, let maxZ else { return [west, south, east, north] }
        return [west, south, minZ, east, north, maxZ]
    }

    private static func wrapped(_ west: Double, _ east: Double) -> (west: Double, east: Double) {
        if abs(west) <= 180, abs(east) <= 180 { return (west, east) }
        if east - west >= 360 { return (-180, 180) }
        return (Longitude(west).degrees, Longitude(east).degrees)
    }
}
