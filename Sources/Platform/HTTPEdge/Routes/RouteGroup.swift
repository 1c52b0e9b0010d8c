public import Access
public import HTTPTypes
public import JSON

/// The routes of a module below one prefix, while they are collected.
public struct RouteGroup: Sendable {
    /// Of the module; unique.
    public let name: String
    /// Defaults of the routes.
    public var access = AccessRule.anyone
    public var timeout: Duration
    public var crossOrigin = CrossOriginRule.anyOrigin
    /// Whether queries stay out of the log, since there may be secrets in them.
    public var hidesQuery = false
    /// Components that the routes' descriptions refer to: by kind, such as `schemas`, and name.
    public var components = JSONObject()
    public private(set) var routes: [Route] = []

    /// - Parameter timeout: Default of the routes.
    public init(_ name: String, timeout: Duration) {
        self.name = name
        self.timeout = timeout
    }

    /// - Parameters:
    ///   - path: Whole, with placeholders in braces.
    ///   - bodyLimit: Largest accepted body, in bytes; 0: the route takes none.
    ///   - access, timeout: `nil`: as the group has it.
    public mutating func add(
        _ method: HTTPRequest.Method, _ path: String, access: AccessRule? = nil, bodyLimit: Int = 0,
        timeout: Duration? = nil, _ operation: OpenAPIOperation, _ handler: RouteHandler
    ) {
        var route = Route(
            method, path, access: access ?? self.access, bodyLimit: bodyLimit, timeout: timeout ?? self.timeout,
            crossOrigin: crossOrigin, operation: operation, handler: handler)
        route.hidesQuery = hidesQuery
        routes.append(route)
    }

    /// A route that reads: see `add`.
    public mutating func get(
        _ path: String, access: AccessRule? = nil, _ operation: OpenAPIOperation,
        _ handler: @escaping @Sendable (EdgeRequest) async throws -> EdgeResponse
    ) {
        add(.get, path, access: access, operation, .inline(handler))
    }
}
