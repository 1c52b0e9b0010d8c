import JSON

/// The schemas of bodies and responses, in JSON Schema 2020-12.
///
/// Source: [OpenAPI 3.1.0, schema object](https://spec.openapis.org/oas/v3.1.0#schema-object).
enum APISchema {
    enum Name: String, Sendable, CaseIterable {
        // Documents
        case item = "Item"
        case selectedItem = "SelectedItem"
        case itemCollection = "ItemCollection"
        case collection = "Collection"
        case selectedCollection = "SelectedCollection"
        case collections = "Collections"
        case children = "Children"
        case catalog = "Catalog"
        case landingPage = "LandingPage"
        case conformance = "Conformance"
        case link = "Link"
        case asset = "Asset"
        case geometry = "Geometry"
        // Bodies
        case search = "Search"
        case collectionSearch = "CollectionSearch"
        case aggregate = "Aggregate"
        case query = "Query"
        case filter = "Filter"
        case itemBody = "ItemBody"
        case itemOrItems = "ItemOrItems"
        case collectionOrCollections = "CollectionOrCollections"
        case bulkItems = "BulkItems"
        case mergePatch = "MergePatch"
        case collectionMove = "CollectionMove"
        // Other responses
        case aggregationCollection = "AggregationCollection"
        case aggregation = "Aggregation"
        case createdItems = "CreatedItems"
        case createdCollections = "CreatedCollections"
        case bulkReport = "BulkReport"
        case deletedItem = "DeletedItem"
        case deletedCollection = "DeletedCollection"
        case jsonSchema = "JSONSchema"
        case explanation = "Explanation"
        case openAPI = "OpenAPI"
        case problem = "Problem"
    }

    static let all: [Name: JSONValue] = documents.merging(bodies) { $1 }.merging(responses) { $1 }

    // MARK: Parts

    static let string: JSONValue = ["type": "string"]
    static let strings: JSONValue = ["type": "array", "items": ["type": "string"]]
    static let count: JSONValue = ["type": "integer", "minimum": 0]
    static let links: JSONValue = list(of: .link)

    static let identifier: JSONValue = ["type": "string", "minLength": 1, "maxLength": 1_024]

    /// Four numbers, or six with elevations.
    static let boundingBox: JSONValue = [
        "type": "array", "items": ["type": "number"],
        "oneOf": [["minItems": 4, "maxItems": 4], ["minItems": 6, "maxItems": 6]],
    ]

    /// Source: [RFC 3339, section 5.6](https://www.rfc-editor.org/rfc/rfc3339#section-5.6).
    private static let instant = """
        [0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]+)?\
        (Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])
        """

    private static let intervalPattern = "\(instant)(/(\\.\\.|\(instant))?)?|(\\.\\.)?/\(instant)"

    static let interval: JSONValue = ["type": "string", "pattern": .string("^(\(intervalPattern))$")]

    /// In a query, where an empty value is as good as none.
    static let intervalOrNothing: JSONValue = ["type": "string", "pattern": .string("^(\(intervalPattern))?$")]

    static func list(of name: Name) -> JSONValue { ["type": "array", "items": .reference(to: name)] }

    /// - Parameter required: `nil`: all members are there always.
    static func object(
        _ description: String? = nil, _ properties: JSONObject, required: [String]? = nil
    ) -> JSONValue {
        var object: JSONObject = ["type": "object"]
        if let description { object["description"] = .string(description) }
        let required = required ?? properties.names
        if !required.isEmpty { object["required"] = .array(required.map(JSONValue.init(_:))) }
        object["properties"] = .object(properties)
        return .object(object)
    }
}

extension JSONValue {
    static func reference(to name: APISchema.Name) -> JSONValue {
        ["$ref": .string("#/components/schemas/" + name.rawValue)]
    }

    func described(_ description: String) -> JSONValue {
        guard var object else { return self }
        object["description"] = .string(description)
        return .object(object)
    }
}

extension JSONObject {
    /// With further members behind.
    func followed(by other: JSONObject) -> JSONObject {
        var all = self
        for member in other { all[member.name] = member.value }
        return all
    }
}
