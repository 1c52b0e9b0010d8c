import Catalogue
import HTTPEdge
import HTTPTypes
import JSON

extension STACServer {
    /// The queryables: of all Collections, or of the one in the path.
    func queryables(_ request: STACRequest) throws -> EdgeResponse {
        let (profiles, id) = try profiles(request)
        let location = id.map(request.location.queryables(_:)) ?? request.location.queryables
        var properties: JSONObject = [
            "id": ["title": "Item id", "type": "string"],
            "collection": ["title": "Collection id", "type": "string"],
            "geometry": ["title": "Footprint", "$ref": "https://geojson.org/schema/Geometry.json"],
            "datetime": ["title": "Acquired", "type": "string", "format": "date-time"],
        ]
        for profile in profiles { properties[profile.name] = profile.schema }
        return response(request, Self.schema("Queryables", location, id, properties), MediaType.schema)
    }

    /// The sortables.
    func sortables(_ request: STACRequest) throws -> EdgeResponse {
        let (profiles, id) = try profiles(request)
        let location = id.map(request.location.sortables(_:)) ?? request.location.sortables
        var properties: JSONObject = [
            "id": ["title": "Item id", "type": "string"],
            "collection": ["title": "Collection id", "type": "string"],
            "datetime": ["title": "Acquired", "type": "string", "format": "date-time"],
        ]
        for profile in profiles where !profile.types.isSubset(of: [.array, .object]) {
            properties[profile.name] = profile.schema
        }
        return response(request, Self.schema("Sortables", location, id, properties), MediaType.schema)
    }

    private func profiles(_ request: STACRequest) throws -> ([PropertyProfile], collection: String?) {
        guard request.hasCollection else { return (try request.catalogue.queryables(collection: nil), nil) }
        let id = try storedCollection(request).id
        return (try request.catalogue.queryables(collection: id), id)
    }

    /// Source: [OGC API - Features, part 3, queryables](https://docs.ogc.org/is/19-079r2/19-079r2.html#rc_queryables).
    static func schema(
        _ title: String, _ location: String, _ collection: String?, _ properties: JSONObject
    ) -> JSONValue {
        [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": .string(location), "type": "object",
            "title": .string(collection.map { "\(title) of \($0)" } ?? title), "properties": .object(properties),
            // Any other name may stand in a filter; it is null.
            "additionalProperties": true,
        ]
    }
}

extension PropertyProfile {
    /// JSON Schema of the values that occur, and what they mean.
    var schema: JSONValue {
        var schema = JSONObject()
        KnownProperty.all[name]?.describe(&schema)
        let names = Set(types.map(\.schemaName)).sorted()
        if names.count == 1 {
            schema["type"] = .string(names[0])
        } else if !names.isEmpty {
            schema["type"] = .array(names.map(JSONValue.init(_:)))
        }
        if types == [.timestamp] {
            schema["format"] = "date-time"
        } else if types.isSubset(of: [.integer, .number]) {
            if let minimum { schema["minimum"] = minimum }
            if let maximum { schema["maximum"] = maximum }
        }
        if let values { schema["enum"] = .array(values) }
        return .object(schema)
    }
}

extension PropertyProfile.ValueType {
    fileprivate var schemaName: String {
        switch self {
        case .number, .integer, .string, .array, .object: rawValue
        case .timestamp: "string"
        case .bool: "boolean"
        }
    }
}
