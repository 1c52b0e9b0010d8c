import Geo
public import JSON

extension CQL2Value {
    /// A property's value in an item: strings stay strings, also when they are instants; an object that is a GeoJSON
    /// geometry is one.
    public init(_ json: JSONValue) {
        switch json {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .number(let number): self = .number(number.double)
        case .string(let string): self = .string(string)
        case .array(let elements): self = .array(elements.map { CQL2Value($0) })
        case .object(let object):
            let isGeometry = object["type"] != nil && (object["coordinates"] ?? object["geometries"]) != nil
            self = (isGeometry ? try? Geometry(geoJSON: json) : nil).map(CQL2Value.geometry) ?? .object
        }
    }

    /// As `init(_:)` for a `JSONValue`.
    public init(_ json: JSONElement) {
        switch json.kind {
        case .null: self = .null
        case .bool: self = .bool(json.bool ?? false)
        case .number: self = .number(json.double ?? .nan)
        case .string: self = .string(json.string ?? "")
        case .array: self = .array(json.elements.map { CQL2Value($0) })
        case .object:
            let isGeometry =
                json.member("type") != nil && (json.member("coordinates") ?? json.member("geometries")) != nil
            self = (isGeometry ? try? Geometry(geoJSON: json) : nil).map(CQL2Value.geometry) ?? .object
        }
    }
}
