import HTTPEdge
import HTTPTypes
import JSON

/// The description of the API for programs, made of its operations.
///
/// Source: [OpenAPI 3.1.0](https://spec.openapis.org/oas/v3.1.0).
struct OpenAPIDocument: Sendable {
    /// All but where the server is.
    private let document: JSONObject
    let components: JSONObject

    init(_ configuration: STACServer.Configuration, _ operations: [APIOperation]) {
        var paths = JSONObject()
        for operation in operations {
            var path = paths[operation.path]?.object ?? JSONObject()
            path[operation.method.rawValue.lowercased()] = Self.document(operation)
            paths[operation.path] = .object(path)
        }
        components = Self.components(operations)
        document = [
            "openapi": "3.1.0",
            "info": [
                "title": .string(configuration.title),
                "description": .string(configuration.description + "\n\n" + Self.generalities), "version": "1.0.0",
            ],
            "servers": [],
            "tags": .array(APIOperation.Tag.allCases.map { ["name": .string($0.rawValue)] }),
            "paths": .object(paths),
            "components": .object(components),
        ]
    }

    /// - Parameter root: URL of the landing page, without a slash at the end.
    func json(_ root: String) -> JSONValue {
        var document = document
        document["servers"] = [["url": .string(root)]]
        return .object(document)
    }

    /// The description common to all operations.
    static let generalities = """
        HEAD responds as GET, without the body; OPTIONS lists the methods; other methods get 405 with Allow. \
        Unknown parameters are ignored. All responses have X-Request-Id, and error responses \
        are problem details (RFC 9457). Browsers get each JSON document as a page.
        """

    // MARK: Operations

    private static func document(_ operation: APIOperation) -> JSONValue {
        var object: JSONObject = [
            "operationId": .string(operation.id), "tags": [.string(operation.tag.rawValue)],
            "summary": .string(operation.summary),
        ]
        for member in members(operation) { object[member.name] = member.value }
        return .object(object)
    }

    /// The same for the description of all routes of a server.
    static func operation(_ operation: APIOperation) -> OpenAPIOperation {
        OpenAPIOperation(operation.id, operation.summary, members: members(operation))
    }

    private static func members(_ operation: APIOperation) -> JSONObject {
        var object = JSONObject()
        if let detail = operation.detail { object["description"] = .string(detail) }
        let parameters = operation.allParameters
        if !parameters.isEmpty {
            object["parameters"] = .array(
                parameters.map { parameter -> JSONValue in
                    ["$ref": .string("#/components/parameters/" + parameter.key)]
                })
        }
        if let body = operation.body {
            var content = JSONObject()
            for type in body.types { content[type] = ["schema": .reference(to: body.schema)] }
            object["requestBody"] = ["required": true, "content": .object(content)]
        }
        var responses = JSONObject()
        for response in operation.allResponses { responses["\(response.status)"] = json(response) }
        for failure in operation.allFailures where responses["\(failure.rawValue)"] == nil {
            responses["\(failure.rawValue)"] = ["$ref": .string("#/components/responses/\(failure.rawValue)")]
        }
        object["responses"] = .object(responses)
        if operation.needsToken { object["security"] = [["operator": []]] }
        return object
    }

    private static func json(_ response: APIResponse) -> JSONValue {
        var content = JSONObject()
        for (type, schema) in response.content {
            content[type] = ["schema": schema.map(JSONValue.reference(to:)) ?? APISchema.string]
        }
        var object: JSONObject = [
            "description": .string(response.description), "headers": headers([.requestID] + response.headers),
        ]
        if !response.content.isEmpty { object["content"] = .object(content) }
        return .object(object)
    }

    private static func headers(_ headers: [APIHeader]) -> JSONValue {
        var object = JSONObject()
        for header in headers {
            object[header.rawValue] = ["$ref": .string("#/components/headers/" + header.rawValue)]
        }
        return .object(object)
    }

    // MARK: Components

    private static func components(_ operations: [APIOperation]) -> JSONObject {
        var parameters = JSONObject()
        for parameter in operations.flatMap(\.allParameters) { parameters[parameter.key] = json(parameter) }
        var responses = JSONObject()
        for failure in APIFailure.allCases { responses["\(failure.rawValue)"] = json(failure) }
        var headers = JSONObject()
        for header in APIHeader.allCases {
            headers[header.rawValue] = [
                "description": .string(header.description), "required": .bool(header.isRequired),
                "schema": header == .retryAfter ? APISchema.count : APISchema.string,
            ]
        }
        var schemas = JSONObject()
        let isPersonal = operations.contains(where: \.isPersonal)
        for name in APISchema.Name.allCases where isPersonal || name != .collectionMove {
            schemas[name.rawValue] = APISchema.all[name]
        }
        return [
            "schemas": .object(schemas), "parameters": .object(parameters), "headers": .object(headers),
            "responses": .object(responses),
            "securitySchemes": [
                "operator": [
                    "type": "http", "scheme": "bearer",
                    "description": "A token of an account with the right, or the operator's.",
                ]
            ],
        ]
    }

    private static func json(_ failure: APIFailure) -> JSONValue {
        var object: JSONObject = [
            "description": .string(failure.description), "headers": headers(failure.headers),
        ]
        if failure != .notModified {
            object["content"] = .object([MediaType.problem: ["schema": .reference(to: .problem)]])
        }
        return .object(object)
    }

    private static func json(_ parameter: APIParameter) -> JSONValue {
        var object: JSONObject = [
            "name": .string(parameter.name), "in": .string(parameter.location.rawValue),
            "description": .string(parameter.description),
        ]
        if parameter.location == .path { object["required"] = true }
        switch parameter.form {
        case .plain: object["schema"] = parameter.schema
        case .list:
            object["style"] = "form"
            object["explode"] = false
            object["schema"] = parameter.schema
        case .json:
            // A parameter with content has its example there.
            var content: JSONObject = ["schema": parameter.schema]
            if let example = parameter.example { content["example"] = example }
            object["content"] = .object([MediaType.json: .object(content)])
            return .object(object)
        }
        if let example = parameter.example { object["example"] = example }
        return .object(object)
    }
}
