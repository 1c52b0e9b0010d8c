/// A fault in a geometry or a bounding box, with its location.
public struct GeoError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Reason: Hashable, Sendable {
        /// Something else stands where this was expected.
        case expected(String)
        case unknownType(String)
        case unknownTypeCode(UInt32)
        /// A coordinate is infinite, not a number, or beyond the range of doubles.
        case nonFinite
        case latitudeOutOfRange(Double)
        case tooFewPositions(Int, minimum: Int)
        case ringNotClosed
        /// Collections are nested deeper than `limit`.
        case tooDeep(limit: Int)
        /// The text or the bytes end inside the geometry.
        case unexpectedEnd
        case trailingContent
        case southAboveNorth(south: Double, north: Double)
        /// More positions than a geometry to compare with may have.
        case tooManyPositions(Int, limit: Int)
        /// Edges cross each other more than `limit` times; with the place of the first crossing found, in degrees.
        case tooManyCrossings(limit: Int, longitude: Double, latitude: Double)
        /// Too many edges run beside each other for their crossings to be counted.
        case tooEntangled
    }

    public enum Location: Hashable, Sendable {
        /// In JSON: `coordinates[0][3]`; empty for the whole value.
        case path(String)
        /// In a text or in bytes, counted in bytes from the start.
        case offset(Int)
    }

    public let reason: Reason
    public let location: Location

    public init(_ reason: Reason, at location: Location) {
        self.reason = reason
        self.location = location
    }

    public var description: String {
        switch location {
        case .path(""): Self.text(reason)
        case .path(let path): "\(path): \(Self.text(reason))"
        case .offset(let offset): "at offset \(offset): \(Self.text(reason))"
        }
    }

    private static func text(_ reason: Reason) -> String {
        switch reason {
        case .expected(let what): "expected \(what)"
        case .unknownType(let name): "unknown geometry type \"\(name)\""
        case .unknownTypeCode(let code): "unknown geometry type \(code)"
        case .nonFinite: "a coordinate is not a finite number"
        case .latitudeOutOfRange(let latitude): "latitude \(latitude) is outside -90...90"
        case .tooFewPositions(let count, let minimum): "\(count) positions, at least \(minimum) are needed"
        case .ringNotClosed: "the ring is not closed: its last position differs from its first"
        case .tooDeep(let limit): "collections are nested deeper than \(limit) levels"
        case .unexpectedEnd: "the geometry ends too early"
        case .trailingContent: "something follows after the end of the geometry"
        case .southAboveNorth(let south, let north): "south (\(south)) is above north (\(north))"
        case .tooManyPositions(let count, let limit):
            "\(count) positions are more than the limit of \(limit); simplify it"
        case .tooManyCrossings(let limit, let longitude, let latitude):
            "its edges cross each other more than \(limit) times, first near [\(longitude), \(latitude)]"
        case .tooEntangled: "too many of its edges run beside each other; simplify it"
        }
    }

    /// The same fault, seen from the value that holds the faulty one.
    func inside(_ outer: String) -> GeoError {
        guard case .path(let path) = location else { return self }
        let joint = path.isEmpty || path.hasPrefix("[") ? "" : "."
        return GeoError(reason, at: .path(outer + joint + path))
    }
}
