import HTTPTypes
import Hummingbird
import Logging

/// A request and its response, as the log and all responses' headers have them.
struct RequestLog {
    /// Names the request in the log and in the response's `X-Request-Id`: the client's own where it sent a usable one.
    let requestID: String
    /// The address that the request came from; of proxies that are trusted, the one that they forwarded.
    private let client: String
    /// Path and query, cut where they are long; the path alone of a route whose queries have secrets.
    private let target: String
    private let method: String
    private let start = ContinuousClock.now

    /// - Parameter hidesQuery: See `RouteGroup`.
    init(_ request: HTTPRequest, client: String?, hidesQuery: Bool) {
        requestID = usableRequestID(request.headerFields[.requestID]) ?? RequestID().description
        self.client = client ?? "unknown"
        let path = request.path ?? ""
        target = loggable(hidesQuery ? String(path.prefix { $0 != "?" }) : path)
        method = request.method.rawValue
    }

    /// Adds the headers common to all responses.
    func complete(_ headers: inout HTTPFields, _ rule: CrossOriginRule) {
        headers.append(HTTPField(name: .requestID, value: requestID))
        headers.append(HTTPField(name: .xContentTypeOptions, value: "nosniff"))
        if headers[.contentSecurityPolicy] == nil {
            headers.append(HTTPField(name: .contentSecurityPolicy, value: strictPolicy))
        }
        guard rule == .anyOrigin else { return }
        headers.append(HTTPField(name: .accessControlAllowOrigin, value: "*"))
        headers.append(HTTPField(name: .accessControlExposeHeaders, value: exposedHeaders))
    }

    /// Counts and logs it.
    ///
    /// - Parameters:
    ///   - route: The route's template, such as `/public/api/collections/{collection}`, never the path itself.
    ///   - problem: Of a response that is an error.
    func end(
        _ status: HTTPResponse.Status, byteCount: Int, route: String, problem: Problem?, _ metrics: EdgeMetrics,
        _ logger: Logger
    ) {
        let duration = ContinuousClock.now - start
        metrics.record(method: method, route: route, status: status.code, byteCount: byteCount, duration)
        let level = problem?.code == Problem.quotaExceeded ? .info : status.logLevel
        guard logger.logLevel <= level else { return }
        var metadata = metadata
        metadata["http.route"] = "\(route)"
        metadata["http.status"] = .stringConvertible(status.code)
        metadata["http.duration_us"] = .stringConvertible(Int(duration / .microseconds(1)))
        metadata["http.bytes"] = .stringConvertible(byteCount)
        if let problem {
            metadata["problem.code"] = "\(problem.code)"
            if level > .info { metadata["problem.detail"] = "\(problem.detail)" }
        }
        logger.log(level: level, "Request", metadata: metadata)
    }

    func log(_ error: any Error, _ message: Logger.Message, to logger: Logger) {
        var metadata = metadata
        metadata["error"] = "\(String(reflecting: error))"
        logger.error(message, metadata: metadata)
    }

    private var metadata: Logger.Metadata {
        [
            "request.id": "\(requestID)", "client.address": "\(client)", "http.method": "\(method)",
            "http.target": "\(target)",
        ]
    }
}

extension HTTPResponse.Status {
    /// Faults of clients are none of the operator's concern; overload is, and faults of the server have to be looked at.
    fileprivate var logLevel: Logger.Level {
        switch code {
        case 501, 505: .info
        case 500, 507: .error
        case 500...: .warning
        default: .info
        }
    }
}

/// For responses that bring no policy of their own: no browser is to run, load or frame any of it.
///
/// Source: [Content Security Policy Level 3](https://www.w3.org/TR/CSP3/).
private let strictPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/// The headers that scripts of other origins may read, beside those that they always may.
///
/// Source: [Fetch, CORS protocol](https://fetch.spec.whatwg.org/#http-access-control-expose-headers).
private let exposedHeaders =
    "Allow, Content-Language, ETag, Link, Location, OGC-NumberMatched, OGC-NumberReturned, Retry-After, X-Request-Id"

/// The beginning of a text that a client chose.
func loggable(_ text: String) -> String {
    let mostBytes = 1_024
    guard text.utf8.count > mostBytes else { return text }
    return String(decoding: text.utf8.prefix(mostBytes), as: UTF8.self) + "…"
}

extension HTTPField.Name {
    static let requestID = Self("X-Request-Id")!
}
