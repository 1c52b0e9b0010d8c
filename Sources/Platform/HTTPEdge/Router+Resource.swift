public import HTTPTypes
public import Hummingbird

public typealias EdgeRouter = Router<EdgeContext>
public typealias EdgeHandler = @Sendable (Request, EdgeContext) async throws -> Response

extension Router where Context == EdgeContext {
    /// Answers requests for one path, those with other methods than the given ones too: `HEAD` as `GET` without the
    /// body, `OPTIONS` with what there is, the others with 405.
    ///
    /// - Parameter path: As in `/collections/{collection}`; parameters come still percent-encoded.
    public func resource(_ path: RouterPath, _ handlers: [HTTPRequest.Method: EdgeHandler]) {
        var handlers = handlers
        if let get = handlers[.get], handlers[.head] == nil {
            handlers[.head] = { request, context in try await get(request, context).createHeadResponse() }
        }
        let allow = (handlers.keys.map(\.rawValue) + ["OPTIONS"]).sorted().joined(separator: ", ")
        handlers[.options] = { _, _ in Self.preflight(allow: allow) }
        for method in Self.methods {
            if let handler = handlers[method] {
                on(path, method: method, use: handler)
            } else {
                on(path, method: method) { _, _ -> Response in throw Problem.methodNotAllowed(method, allow: allow) }
            }
        }
    }

    /// Requests with other methods find nothing at any path.
    private static var methods: [HTTPRequest.Method] {
        [.get, .head, .post, .put, .patch, .delete, .options, .trace, HTTPRequest.Method("QUERY")!]
    }

    /// Source: [Fetch, CORS protocol](https://fetch.spec.whatwg.org/#http-cors-protocol).
    private static func preflight(allow: String) -> Response {
        Response(
            status: .noContent,
            headers: [
                .allow: allow, .accessControlAllowMethods: allow,
                .accessControlAllowHeaders:
                    "Authorization, Content-Type, If-Match, If-None-Match, Prefer, X-Request-Id",
                .accessControlMaxAge: "86400",
            ])
    }
}

extension EdgeContext {
    /// The decoded parameter of the path.
    ///
    /// - Throws: `Problem` when it is not percent-encoded UTF-8.
    public func pathParameter(_ name: String) throws(Problem) -> String {
        try HTTPEdge.pathParameter(name, parameters[name[...]].map { $0[...] })
    }
}

/// The decoded parameter of a path.
///
/// - Throws: `Problem` when it is not percent-encoded UTF-8.
public func pathParameter(_ name: String, _ text: Substring?) throws(Problem) -> String {
    guard let text = text.flatMap({ percentDecoded($0) }), !text.isEmpty else {
        throw Problem(.badRequest, "InvalidPath", "The path's \(name) is not percent-encoded UTF-8.")
    }
    return text
}
