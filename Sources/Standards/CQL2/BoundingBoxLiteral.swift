public import Geo
public import JSON

/// A `BBOX` of four or six numbers, as written and as read.
public struct BoundingBoxLiteral: Sendable, Hashable {
    /// West, south, (lowest,) east, north (, highest).
    public let numbers: [JSONNumber]
    public let box: BoundingBox

    /// - Throws: `GeoError` unless the numbers are four or six and make a box.
    public init(_ numbers: [JSONNumber]) throws(GeoError) {
        self.numbers = numbers
        box = try BoundingBox(numbers.map(\.double))
    }
}
