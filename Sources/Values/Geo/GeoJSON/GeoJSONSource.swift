internal import JSON

/// The JSON access that a GeoJSON reader needs, so that parsed texts and value trees share one reader.
protocol GeoJSONSource: SendableMetatype {
    associatedtype Elements: Sequence<Self>

    /// `nil` unless this is an array.
    var arrayElements: Elements? { get }
    /// `nil` unless this is a number.
    var double: Double? { get }
    /// `nil` unless this is a string.
    var string: String? { get }
    var isObject: Bool { get }
    subscript(name: String) -> Self? { get }
}

extension JSONValue: GeoJSONSource {
    var arrayElements: [JSONValue]? { array }
    var isObject: Bool { object != nil }
}

extension JSONElement: GeoJSONSource {
    var arrayElements: Elements? { kind == .array ? elements : nil }
    var isObject: Bool { kind == .object }
}
