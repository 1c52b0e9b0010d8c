import HTTPTypes
import Hummingbird
import Logging

/// A request and its response, as the log and all responses' headers have them.
struct RequestLog {
    /// Names the request in the log and in the response's `X-Request-Id`: the client's own where it sent a usable one.
    let requestID: String
    private let method: String
    private let isCrossOrigin: Bool
    private let start = ContinuousClock.now

    init(_ request: HTTPRequest) {
        requestID = usableRequestID(request.headerFields[.requestID]) ?? RequestID().description
        method = request.method.rawValue
        isCrossOrigin = request.headerFields.contains(.origin)
    }

    /// Adds the headers common to all responses.
    func complete(_ headers: inout HTTPFields, _ rule: CrossOriginRule) {
        headers.append(HTTPField(name: .requestID, value: requestID))
        guard rule == .anyOrigin else { return }
        headers.append(HTTPField(name: .accessControlAllowOrigin, value: "*"))
        if isCrossOrigin {
            headers.append(HTTPField(name: .accessControlExposeHeaders, value: "ETag, Location, X-Request-Id"))
        }
    }

    /// Counts and logs it.
    ///
    /// - Parameter route: The route's template, such as `/public/api/collections/{collection}`, never the path itself.
    func end(
        _ status: HTTPResponse.Status, byteCount: Int, route: String, _ metrics: EdgeMetrics, _ logger: Logger
    ) {
        let duration = ContinuousClock.now - start
        metrics.record(method: method, route: route, status: status.code, byteCount: byteCount, duration)
        logger.info(
            "Request",
            metadata: [
                "request.id": "\(requestID)", "http.method": "\(method)", "http.route": "\(route)",
                "http.status": .stringConvertible(status.code),
                "http.duration_us": .stringConvertible(Int(duration / .microseconds(1))),
                "http.bytes": .stringConvertible(byteCount),
            ])
    }

    func log(_ error: any Error, route: String, to logger: Logger) {
        logger.error(
            "Request failed",
            metadata: [
                "request.id": "\(requestID)", "http.method": "\(method)", "http.route": "\(route)",
                "error": "\(String(reflecting: error))",
            ])
    }
}

extension HTTPField.Name {
    static let requestID = Self("X-Request-Id")!
}
