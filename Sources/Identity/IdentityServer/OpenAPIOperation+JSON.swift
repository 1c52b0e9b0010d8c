import HTTPEdge
import JSON

extension OpenAPIOperation {
    /// An operation whose request's body is a JSON object.
    ///
    /// - Parameters:
    ///   - body: Schemas of the members by their names.
    ///   - required: Names of the members that must be there.
    ///   - status: Of success.
    init(
        _ id: String, _ summary: String, body: JSONObject, required: [String] = [], status: Int = 200
    ) {
        var schema: JSONObject = ["type": "object", "properties": .object(body), "additionalProperties": false]
        if !required.isEmpty { schema["required"] = .array(required.map { .string($0) }) }
        let content: JSONValue = ["application/json": ["schema": .object(schema)]]
        self.init(
            id, summary,
            members: [
                "requestBody": ["required": true, "content": content], "responses": Self.responses(status),
            ])
    }

    /// An operation without a body, whose response has one.
    ///
    /// - Parameters:
    ///   - query: Names of parameters with their descriptions.
    ///   - status: Of success; 204: without a body.
    init(_ id: String, _ summary: String, query: KeyValuePairs<String, String> = [:], status: Int) {
        var members: JSONObject = ["responses": Self.responses(status)]
        if !query.isEmpty {
            members["parameters"] = .array(
                query.map { name, description -> JSONValue in
                    [
                        "name": .string(name), "in": "query", "description": .string(description),
                        "schema": ["type": "string"],
                    ]
                })
        }
        self.init(id, summary, members: members)
    }

    private static func responses(_ status: Int) -> JSONValue {
        let success: JSONValue =
            status == 204
            ? ["description": "Done"] : ["description": "Success", "content": ["application/json": [:]]]
        return .object([
            "\(status)": success,
            "default": ["description": "A problem (RFC 9457)", "content": ["application/problem+json": [:]]],
        ])
    }

    static let text: JSONValue = ["type": "string"]
    static let texts: JSONValue = ["type": "array", "items": ["type": "string"]]
    static let time: JSONValue = ["type": ["string", "null"], "description": "A day or a time (RFC 3339), in UTC."]

    static func one(of names: [String]) -> JSONValue {
        ["type": "string", "enum": .array(names.map { .string($0) })]
    }
}
