public import JSON

extension Geometry {
    /// - Throws: `GeoError` with the path of the fault, such as `coordinates[0][3]`.
    ///
    /// Source: [RFC 7946, section 3.1](https://www.rfc-editor.org/rfc/rfc7946#section-3.1).
    public init(geoJSON: JSONValue) throws(GeoError) {
        self = try GeoJSONReader.geometry(geoJSON, depth: 0)
    }

    /// As `init(geoJSON: JSONValue)`, from a parsed text.
    public init(geoJSON: JSONElement) throws(GeoError) {
        self = try GeoJSONReader.geometry(geoJSON, depth: 0)
    }

    /// The GeoJSON geometry object; heights are written where there are any.
    public var geoJSON: JSONValue {
        switch self {
        case .geometryCollection(let parts):
            ["type": .string(typeName), "geometries": .array(parts.map(\.geoJSON))]
        default:
            ["type": .string(typeName), "coordinates": coordinates]
        }
    }

    private var coordinates: JSONValue {
        func line(_ positions: [Position]) -> JSONValue { .array(positions.map(\.geoJSON)) }
        func lines(_ parts: [[Position]]) -> JSONValue { .array(parts.map(line)) }
        switch self {
        case .point(let position): return position?.geoJSON ?? []
        case .lineString(let positions), .multiPoint(let positions): return line(positions)
        case .polygon(let parts), .multiLineString(let parts): return lines(parts)
        case .multiPolygon(let polygons): return .array(polygons.map(lines))
        case .geometryCollection: return []
        }
    }
}

extension Position {
    fileprivate var geoJSON: JSONValue {
        guard let z else { return [JSONValue(x), JSONValue(y)] }
        return [JSONValue(x), JSONValue(y), JSONValue(z)]
    }
}
