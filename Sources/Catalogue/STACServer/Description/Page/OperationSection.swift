import Access
import HTTPEdge
import HTTPTypes
import JSON

/// One operation on the page for people.
struct OperationSection {
    private let operation: APIOperation
    private let location: APILocation

    init(_ operation: APIOperation, _ location: APILocation) {
        self.operation = operation
        self.location = location
    }

    var html: HTML {
        let detail: HTML = operation.detail.map { "<p>\($0)</p>\n" } ?? ""
        let token: HTML =
            operation.needsToken
            ? "<p class=\"token\">Needs a token with the \(operation.access.description).</p>\n" : ""
        return """
            <article id="\(operation.id)">
            <h3><a href="#\(operation.id)"><span class="method \(operation.method.rawValue.lowercased())">\
            \(operation.method.rawValue)</span> <code>\(breakable(operation.path))</code></a></h3>
            <p><strong>\(operation.summary).</strong></p>
            \(detail)\(token)\(parameters)\(requestBody)<h4>Responses</h4>
            <table>
            <thead><tr><th>Status</th><th>Media type</th><th>Meaning</th></tr></thead>
            <tbody>
            \(operation.allResponses.flatMap(rows))\(failures.map(row))</tbody>
            </table>
            <h4>Example</h4>
            <pre><code>\(CommandLine(operation, location).text)</code></pre>
            </article>

            """
    }

    private var parameters: HTML {
        let parameters = operation.allParameters
        guard !parameters.isEmpty else { return "" }
        let rows = parameters.map { parameter -> HTML in
            let mark: HTML = parameter.location == .path ? "<span class=\"required\">*</span>" : ""
            return """
                <tr><td><code>\(parameter.name)</code>\(mark)</td><td>\(parameter.location.rawValue)</td>\
                <td>\(form(parameter))</td><td>\(parameter.description)</td></tr>

                """
        }
        return """
            <h4>Parameters</h4>
            <table>
            <thead><tr><th>Name</th><th>Where</th><th>Type</th><th>Meaning</th></tr></thead>
            <tbody>
            \(rows)</tbody>
            </table>

            """
    }

    private func form(_ parameter: APIParameter) -> HTML {
        let type = SchemaText(parameter.schema).html
        return switch parameter.form {
        case .plain: type
        case .list: "\(type), with commas"
        case .json: "\(type), as JSON"
        }
    }

    private var requestBody: HTML {
        guard let body = operation.body else { return "" }
        return """
            <h4>Body</h4>
            <p><a href="#schema-\(body.schema.rawValue)">\(body.schema.rawValue)</a> as \
            <code>\(body.types.joined(separator: ", "))</code></p>

            """
    }

    private func rows(_ response: APIResponse) -> [HTML] {
        let headers = response.headers.map(\.rawValue).joined(separator: ", ")
        let suffix: HTML = headers.isEmpty ? "" : "<br><small>Headers: \(headers)</small>"
        if response.content.isEmpty {
            return ["<tr><td>\(response.status)</td><td></td><td>\(response.description)\(suffix)</td></tr>\n"]
        }
        return response.content.map { content -> HTML in
            let schema: HTML =
                content.schema.map { schema -> HTML in
                    ": <a href=\"#schema-\(schema.rawValue)\">\(schema.rawValue)</a>"
                } ?? ""
            return """
                <tr><td>\(response.status)</td><td><code>\(content.type)</code></td>\
                <td>\(response.description)\(schema)\(suffix)</td></tr>

                """
        }
    }

    private var failures: [APIFailure] {
        let documented = Set(operation.allResponses.map(\.status))
        return operation.allFailures.filter { !documented.contains($0.rawValue) }
    }

    private func row(_ failure: APIFailure) -> HTML {
        let type: HTML = failure == .notModified ? "" : "<code>\(MediaType.problem)</code>"
        return "<tr><td>\(failure.rawValue)</td><td>\(type)</td><td>\(failure.description)</td></tr>\n"
    }
}
