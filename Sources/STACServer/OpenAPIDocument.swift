import JSON

/// The description of the API, kept by hand beside the routes.
///
/// Source: [OpenAPI 3.0.3](https://spec.openapis.org/oas/v3.0.3).
enum OpenAPIDocument {
    static func json(_ configuration: STACServer.Configuration, _ location: APILocation) -> JSONValue {
        var paths = JSONObject()
        for operation in operations {
            var path = paths[operation.path]?.object ?? JSONObject()
            path[operation.method] = operation.json
            paths[operation.path] = .object(path)
        }
        return [
            "openapi": "3.0.3",
            "info": [
                "title": .string(configuration.title), "description": .string(configuration.description),
                "version": "1.0.0",
            ],
            "servers": [["url": .string(location.root)]],
            "paths": .object(paths),
            "components": [
                "parameters": .object(parameters), "schemas": .object(schemas), "responses": .object(responses),
                "securitySchemes": ["operator": ["type": "http", "scheme": "bearer"]],
            ],
        ]
    }

    static func html(_ configuration: STACServer.Configuration, _ location: APILocation) -> String {
        let rows = operations.map { operation in
            "<tr><td>\(operation.method.uppercased())</td><td><code>\(escaped(operation.path))</code></td>"
                + "<td>\(escaped(operation.summary))</td></tr>"
        }
        let title = escaped(configuration.title)
        return """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>\(title)</title></head>
            <body><h1>\(title)</h1><p>\(escaped(configuration.description))</p>
            <p>Paths are below <code>\(escaped(location.root))</code>; \
            <a href="\(escaped(location.openAPI))">OpenAPI description</a>.</p>
            <table><tr><th>Method</th><th>Path</th><th>What it does</th></tr>
            \(rows.joined(separator: "\n"))
            </table></body></html>
            """
    }

    private static func escaped(_ text: String) -> String {
        var output = ""
        for character in text {
            switch character {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            default: output.append(character)
            }
        }
        return output
    }
}
