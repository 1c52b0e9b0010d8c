import Access
import HTTPTypes
public import Hummingbird
import Logging
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

    private typealias Found = (resource: RouteTable.Resource, parameters: [Substring])

    /// Requests with a longer query or body, in bytes, are not read on the event loop.
    private static let shortByteCount = 4_096

    public func respond(to request: Request, context: EdgeContext) async throws -> Response {
        let peer = context.channel.remoteAddress
        let address =
            IPNetworks.isProxied(request.headers)
            ? edge.configuration.trustedProxies.client(request.headers, peer: peer)
            : context.connection?.value.address ?? peer?.ipAddress
        let found = table.find((request.head.path ?? "").prefix { $0 != "?" })
        let log = RequestLog(request.head, client: address, hidesQuery: found?.resource.hidesQuery ?? false)
        let fault = context.connection?.value.fault
        let route = fault == nil ? found?.resource.path ?? "unknown" : "malformed"
        let asksForPage = BrowserPage.isRequested(by: request.head)
        var client = EdgeClient.server
        var response: EdgeResponse
        var problem: Problem?
        do {
            let principal = await principal(of: request.head, peer: peer)
            // Who cannot be known is limited by the address, like those who do not say who they are.
            client = edge.client(request.headers, (try? principal.get()) ?? .anonymous, context)
            if let fault { throw fault }
            if let limiter = edge.rateLimiter, let seconds = limiter.retryDelay(for: client.name) {
                throw Problem.tooManyRequests(retryAfter: seconds)
            }
            guard let found else { throw Problem.notFound }
            // What needs no thread does not wait for room; it takes little.
            guard edge.unsent.small.hasRoom(for: client.name, factor: 2) else { throw Problem.responsesUnread }
            var head = request.head
            if asksForPage { BrowserPage.prepare(&head) }
            response = try await respond(to: request, head, principal.get(), client, found, context)
        } catch {
            let cause = self.problem(error, log, context)
            problem = cause
            response = cause.response
        }
        if asksForPage { response = await page(of: response, for: request.head, client) }
        if found?.resource.route(for: request.method)?.access ?? .anyone != .anyone { response.keepForOneself() }
        if response.held == nil {
            response.held = edge.unsent.small.hold(response.body.readableBytes, for: client.name)
        }
        response.finish()
        log.complete(&response.headers, found?.resource.crossOrigin ?? .anyOrigin)
        let byteCount = response.stream == nil ? response.body.readableBytes : 0
        log.end(
            response.status, byteCount: byteCount, route: route, problem: problem, edge.metrics, context.logger)
        return edge.response(response, for: client, isHead: request.method == .head, log, context)
    }

    /// The sender of a request, or why it cannot be known.
    private func principal(of head: HTTPRequest, peer: SocketAddress?) async -> Result<Principal, any Error> {
        do { return .success(try await edge.principal(of: head, peer: peer)) } catch { return .failure(error) }
    }

    /// - Parameter head: As the handler is to see it.
    private func respond(
        to request: Request, _ head: HTTPRequest, _ principal: Principal, _ client: EdgeClient, _ found: Found,
        _ context: EdgeContext
    ) async throws -> EdgeResponse {
        let resource = found.resource
        guard let route = resource.route(for: request.method) else {
            guard request.method == .options else {
                throw Problem.methodNotAllowed(request.method, allow: resource.methods)
            }
            return resource.preflight
        }
        guard route.access.allows(principal) else {
            throw edge.accessProblem(for: principal, request.headers, route.access)
        }
        let held = edge.received.hold(0, for: client.name)
        defer { held.release() }
        let body = try await body(of: request, route, client, held, context)
        let edgeRequest = EdgeRequest(
            head, principal: principal, peer: context.channel.remoteAddress, body: body,
            parameters: Dictionary(uniqueKeysWithValues: zip(resource.parameterNames, found.parameters)),
            client: client)
        return try await respond(to: edgeRequest, route)
    }

    private func respond(to request: EdgeRequest, _ route: Route) async throws -> EdgeResponse {
        let deadline = ContinuousClock.now + route.timeout
        switch route.handler {
        case .inline(let handler):
            return try await edge.deadlines.withTimeout(route.timeout) { try await handler(request) }
        case .reading(let handler): return try await read(request, deadline) { try handler(request) }
        case .writing(let handler):
            return try await edge.writers.run(
                for: request.client, timeout: route.timeout, cancellation: Cancellation()
            ) { try handler(request) }
        case .monitoring(let handler):
            return try await edge.monitors.run(
                for: request.client, timeout: route.timeout, cancellation: request.cancellation
            ) { try handler(request) }
        case .prepared(let handler):
            guard request.body.count <= Self.shortByteCount,
                request.head.path?.utf8.count ?? 0 <= Self.shortByteCount
            else {
                let prepared = try await run(request, deadline) { try handler(request) }
                return try await read(request, deadline, isLarge: prepared.isLarge, prepared.make)
            }
            let prepared = try handler(request)
            return try prepared.isQuick
                ? prepared.make() : await read(request, deadline, isLarge: prepared.isLarge, prepared.make)
        }
    }

    private func read(
        _ request: EdgeRequest, _ deadline: ContinuousClock.Instant, isLarge: Bool = false,
        _ work: @escaping @Sendable () throws -> EdgeResponse
    ) async throws -> EdgeResponse {
        let unsent = edge.unsent[isLarge: isLarge]
        return try await run(request, deadline, isLarge: isLarge) {
            var response = try work()
            // Before the thread takes the next request.
            response.held = unsent.hold(response.body.readableBytes, for: request.client.name)
            return response
        }
    }

    private func run<Result: Sendable>(
        _ request: EdgeRequest, _ deadline: ContinuousClock.Instant, isLarge: Bool = false,
        _ work: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await edge.readers.run(
            for: request.client, isLarge: isLarge, timeout: deadline - .now, cancellation: request.cancellation, work)
    }

    /// The whole body.
    ///
    /// - Throws: `Problem` when it is larger than allowed, or cannot be read to its end.
    private func body(
        of request: Request, _ route: Route, _ client: EdgeClient, _ held: ByteLedger.Holding, _ context: EdgeContext
    ) async throws -> [UInt8] {
        let announced = request.headers[.contentLength].flatMap { Int($0) }
        let isAnnounced = announced.map { $0 > 0 } ?? request.headers.contains(.transferEncoding)
        guard route.bodyLimit > 0, isAnnounced || request.method != .get else { return [] }
        if let announced, announced > route.bodyLimit { throw Problem.tooLarge(limit: route.bodyLimit) }
        if isAnnounced, let coding = request.headers[.contentEncoding], coding.lowercased() != "identity" {
            throw Problem.encodedBody(coding)
        }
        try checkRoom(for: client)
        context.connection?.value.inviteBody()
        var body: [UInt8] = []
        body.reserveCapacity(min(announced ?? 0, 1 << 20))
        for try await bytes in request.body {
            guard body.count + bytes.readableBytes <= route.bodyLimit else {
                throw Problem.tooLarge(limit: route.bodyLimit)
            }
            try checkRoom(for: client)
            held.add(bytes.readableBytes)
            bytes.withUnsafeReadableBytes { body.append(contentsOf: $0) }
        }
        guard announced == nil || announced == body.count else { throw Problem.malformed("its body ended early") }
        return body
    }

    /// Whether there is room for more of a body.
    private func checkRoom(for client: EdgeClient) throws(Problem) {
        guard !edge.received.hasRoom(for: client.name) else { return }
        throw edge.received.isExhausted(by: client.name) ? .tooManyBodies : .bodiesFull
    }

    private func problem(_ error: any Error, _ log: RequestLog, _ context: EdgeContext) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case let error as HTTPError:
            return Problem(error.status, "RequestRejected", error.body ?? error.status.reasonPhrase)
        case is CancellationError: return .timedOut
        default:
            log.log(error, "Request failed", to: context.logger)
            return .internalError
        }
    }

    /// The page of a response for a browser; the response itself where there is none.
    private func page(of response: EdgeResponse, for head: HTTPRequest, _ client: EdgeClient) async -> EdgeResponse {
        guard BrowserPage.canShow(response) else { return response }
        let edge = edge
        let make: @Sendable () -> EdgeResponse = { BrowserPage.response(response, for: head, edge) }
        guard response.body.readableBytes > Self.shortByteCount else { return make() }
        let timeout = edge.configuration.requestTimeout
        return (try? await edge.readers.run(for: client, timeout: timeout) { make() }) ?? response
    }
}

extension EdgeResponse {
    /// Adds what caches have to know: most resources are pages, too.
    fileprivate mutating func finish() {
        guard BrowserPage.canShow(self) || headers[.contentType]?.hasPrefix("text/html") == true else { return }
        addVary("Accept")
    }

    /// Adds that the response depends on who asks: shared caches must not keep it, and others ask each time.
    fileprivate mutating func keepForOneself() {
        if headers[.cacheControl] == nil { headers[.cacheControl] = "private, no-cache" }
        addVary("Authorization")
    }

    private mutating func addVary(_ name: String) {
        let vary = headers[.vary]
        let isThere = vary?.lowercased().split(separator: ",").contains { $0.trimmed == name.lowercased() }
        if isThere != true { headers[.vary] = vary.map { "\(name), \($0)" } ?? name }
    }
}

extension Substring {
    fileprivate var trimmed: Substring { HTTPEdge.trimmed(self) }
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
