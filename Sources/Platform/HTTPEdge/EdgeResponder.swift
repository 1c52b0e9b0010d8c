import Access
import HTTPTypes
public import Hummingbird
import NIOCore

/// The single path of every request through the server: authentication, rate limit, routing, access rule, body,
/// handler, log and metrics.
public struct EdgeResponder: HTTPResponder {
    public typealias Context = EdgeContext

    private let edge: EdgeServer
    private let table: RouteTable

    init(_ edge: EdgeServer, _ table: RouteTable) {
        self.edge = edge
        self.table = table
    }

    /// Requests with a longer query or body, in bytes, are not read on the event loop.
    private static let shortByteCount = 4_096

    public func respond(to request: Request, context: EdgeContext) async throws -> Response {
        let log = RequestLog(request.head)
        let found = table.find((request.head.path ?? "").prefix { $0 != "?" })
        let route = found?.resource.path ?? "unknown"
        var client = EdgeClient.server
        var response: EdgeResponse
        do {
            let principal = try await edge.principal(of: request.head, peer: context.channel.remoteAddress)
            client = edge.client(request.headers, principal, context)
            if let limiter = edge.rateLimiter, let seconds = limiter.retryDelay(for: client.name) {
                throw Problem.tooManyRequests(retryAfter: seconds)
            }
            guard let found else { throw Problem.notFound }
            response = try await respond(to: request, principal, client, found, context)
        } catch {
            response = problem(error, log, route, context).response
        }
        log.complete(&response.headers, found?.resource.crossOrigin ?? .anyOrigin)
        let byteCount = response.stream == nil ? response.body.readableBytes : 0
        log.end(response.status, byteCount: byteCount, route: route, edge.metrics, context.logger)
        return edge.response(response, for: client, isHead: request.method == .head)
    }

    private func respond(
        to request: Request, _ principal: Principal, _ client: EdgeClient,
        _ found: (resource: RouteTable.Resource, parameters: [Substring]), _ context: EdgeContext
    ) async throws -> EdgeResponse {
        let resource = found.resource
        let method = request.method == .head && resource.routes[.head] == nil ? .get : request.method
        guard let route = resource.routes[method] else {
            guard method == .options else { throw Problem.methodNotAllowed(method, allow: resource.methods) }
            return resource.preflight
        }
        guard route.access.allows(principal) else { throw edge.accessProblem(for: request.headers, route.access) }
        let body = try await body(of: request, route, context)
        let edgeRequest = EdgeRequest(
            request.head, principal: principal, peer: context.channel.remoteAddress, body: body,
            parameters: Dictionary(uniqueKeysWithValues: zip(resource.parameterNames, found.parameters)),
            client: client)
        return try await respond(to: edgeRequest, route)
    }

    private func respond(to request: EdgeRequest, _ route: Route) async throws -> EdgeResponse {
        switch route.handler {
        case .inline(let handler):
            return try await edge.deadlines.withTimeout(route.timeout) { try await handler(request) }
        case .reading(let handler): return try await read(request, route) { try handler(request) }
        case .writing(let handler):
            return try await edge.writers.run(
                for: request.client, timeout: route.timeout, cancellation: Cancellation()
            ) { try handler(request) }
        case .prepared(let handler):
            guard request.body.count <= Self.shortByteCount,
                request.head.path?.utf8.count ?? 0 <= Self.shortByteCount
            else { return try await read(request, route) { try handler(request).make() } }
            let prepared = try handler(request)
            return try prepared.isQuick ? prepared.make() : await read(request, route, prepared.make)
        }
    }

    private func read(
        _ request: EdgeRequest, _ route: Route, _ work: @escaping @Sendable () throws -> EdgeResponse
    ) async throws -> EdgeResponse {
        try await edge.readers.run(
            for: request.client, timeout: route.timeout, cancellation: request.cancellation, work)
    }

    /// The whole body.
    ///
    /// - Throws: `Problem` when it is larger than allowed. When it does not come in time, the connection is closed.
    private func body(of request: Request, _ route: Route, _ context: EdgeContext) async throws -> [UInt8] {
        let announced = request.headers[.contentLength].flatMap { Int($0) }
        let isAnnounced = announced.map { $0 > 0 } ?? request.headers.contains(.transferEncoding)
        guard route.bodyLimit > 0, isAnnounced || request.method != .get else { return [] }
        if let announced, announced > route.bodyLimit { throw Problem.tooLarge(limit: route.bodyLimit) }
        let channel = context.channel
        let ticket = edge.deadlines.watch(route.timeout) { channel.close(promise: nil) }
        defer { edge.deadlines.release(ticket) }
        do {
            return Array(try await request.body.collect(upTo: route.bodyLimit).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw Problem.tooLarge(limit: route.bodyLimit)
        }
    }

    private func problem(_ error: any Error, _ log: RequestLog, _ route: String, _ context: EdgeContext) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case let error as HTTPError:
            return Problem(error.status, "RequestRejected", error.body ?? error.status.reasonPhrase)
        case is CancellationError: return .timedOut
        default:
            log.log(error, route: route, to: context.logger)
            return .internalError
        }
    }
}

extension RouteTable.Resource {
    /// Source: [Fetch, CORS protocol](https://fetch.spec.whatwg.org/#http-cors-protocol).
    fileprivate var preflight: EdgeResponse {
        var headers: HTTPFields = [.allow: methods]
        if crossOrigin == .anyOrigin {
            headers[.accessControlAllowMethods] = methods
            headers[.accessControlAllowHeaders] =
                "Authorization, Content-Type, If-Match, If-None-Match, Prefer, X-Request-Id"
            headers[.accessControlMaxAge] = "86400"
        }
        return EdgeResponse(status: .noContent, headers: headers)
    }
}
