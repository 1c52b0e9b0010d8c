public import JSON

/// The description of a route: an Operation Object of OpenAPI.
///
/// Source: [OpenAPI 3.1.0, 4.8.10](https://spec.openapis.org/oas/v3.1.0#operation-object).
public struct OpenAPIOperation: Sendable, Hashable {
    /// Unique in its module; the operation's name in generated clients.
    public var id: String
    /// A few words.
    public var summary: String
    /// The other members, such as `parameters` and `responses`; references point into the components of its group.
    public var members: JSONObject

    public init(_ id: String, _ summary: String, members: JSONObject) {
        self.id = id
        self.summary = summary
        self.members = members
    }

    /// An operation that has one media type to respond with.
    public init(_ id: String, _ summary: String, response: String = "Success", type: String = "application/json") {
        let problem: JSONValue = [
            "description": "A problem (RFC 9457)", "content": ["application/problem+json": [:]],
        ]
        self.init(
            id, summary,
            members: [
                "responses": [
                    "200": ["description": .string(response), "content": .object([type: [:]])], "default": problem,
                ]
            ])
    }

    /// - Parameters:
    ///   - tag: Of the module that the operation belongs to.
    ///   - parameters: Names of the placeholders in the path.
    func json(tag: String, parameters: [String]) -> JSONValue {
        var object: JSONObject = ["operationId": .string("\(tag).\(id)"), "summary": .string(summary)]
        for member in members { object[member.name] = member.value }
        object["tags"] = [.string(tag)]
        if object["parameters"] == nil, !parameters.isEmpty {
            object["parameters"] = .array(
                parameters.map { name -> JSONValue in
                    ["name": .string(name), "in": "path", "required": true, "schema": ["type": "string"]]
                })
        }
        return JSONValue.object(object).prefixingReferences(tag)
    }
}

extension JSONValue {
    /// The same with `#/components/KIND/NAME` as `#/components/KIND/PREFIX.NAME`: modules know nothing of the names
    /// that others have chosen.
    func prefixingReferences(_ prefix: String) -> JSONValue {
        switch self {
        case .object(let object):
            var result = JSONObject()
            for member in object {
                if member.name == "$ref", let target = member.value.string, target.hasPrefix("#/components/") {
                    var parts = target.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
                    parts[parts.count - 1] = "\(prefix).\(parts[parts.count - 1])"
                    result[member.name] = .string(parts.joined(separator: "/"))
                } else {
                    result[member.name] = member.value.prefixingReferences(prefix)
                }
            }
            return .object(result)
        case .array(let elements): return .array(elements.map { $0.prefixingReferences(prefix) })
        default: return self
        }
    }
}
