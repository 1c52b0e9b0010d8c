public import HTTPTypes
import JSON
import NIOCore

/// An error response: RFC 9457, with the members `code` and `description` that STAC API clients
/// look for.
///
/// Source: [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457), [STAC API - Core, errors](https://github.com/radiantearth/stac-api-spec/blob/v1.0.0/fragments/).
public struct Problem: Error, Sendable, Hashable {
    public var status: HTTPResponse.Status
    /// A short name by which programs distinguish problems, such as `InvalidParameter`. Never translated.
    public var code: String
    /// One sentence for the person who asked; without secrets and without paths of the server.
    public var detail: String
    /// Sent with the response, such as `WWW-Authenticate`.
    public var headers: HTTPFields

    public init(_ status: HTTPResponse.Status, _ code: String, _ detail: String, headers: HTTPFields = [:]) {
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers
    }

    static let mediaType = "application/problem+json"

    /// The body, as UTF-8 JSON.
    public var body: [UInt8] {
        let value: JSONValue = [
            "type": "about:blank", "title": .string(status.reasonPhrase), "status": JSONValue(status.code),
            "detail": .string(detail), "code": .string(code), "description": .string(detail),
        ]
        return value.serialized()
    }

    public var response: EdgeResponse {
        var headers = headers
        headers[.contentType] = Self.mediaType
        headers[.contentLanguage] = "en"
        return EdgeResponse(status: status, headers: headers, body: ByteBuffer(bytes: body))
    }
}

extension Problem {
    /// The code of a problem of one client's quota, which is no concern of the operator.
    ///
    /// Source: [RFC 4331, section 6](https://www.rfc-editor.org/rfc/rfc4331#section-6), for its status, 507.
    public static let quotaExceeded = "QuotaExceeded"

    /// The message for an internal error; the log has the details.
    static let internalError = Problem(
        .internalServerError, "InternalError",
        "The server failed. Its log has the reason under this response's X-Request-Id.")

    static let notFound = Problem(.notFound, "NotFound", "There is nothing at this path.")

    static func methodNotAllowed(_ method: HTTPRequest.Method, allow: String) -> Problem {
        Problem(
            .methodNotAllowed, "MethodNotAllowed", "This path takes \(allow), not \(method.rawValue).",
            headers: [.allow: allow])
    }

    static func tooLarge(limit: Int) -> Problem {
        Problem(.contentTooLarge, "ContentTooLarge", "The request's body is larger than \(limit) bytes.")
    }

    static let timedOut = Problem(
        .serviceUnavailable, "TimedOut", "The request took longer than the server allows.", headers: [.retryAfter: "5"])

    /// The client has gone: the response has no reader.
    static let clientGone = Problem(
        .init(code: 499, reasonPhrase: "Client Closed Request"), "ClientGone", "The client has closed the connection.")

    static let tooManyAtOnce = Problem(
        .tooManyRequests, "TooManyRequests", "Too many requests of yours are waiting; send fewer at a time.",
        headers: [.retryAfter: "1"])

    static let responsesUnread = Problem(
        .tooManyRequests, "ResponsesUnread",
        "Earlier responses have not been read; read them, or close their connections, and try again.",
        headers: [.retryAfter: "5"])

    static let bodiesFull = Problem(
        .serviceUnavailable, "Overloaded", "Too many request bodies are being received; try again later.",
        headers: [.retryAfter: "5"])

    static let tooManyBodies = Problem(
        .tooManyRequests, "TooManyRequests",
        "Too many request bodies of yours are being received; send fewer at a time.",
        headers: [.retryAfter: "1"])

    static func encodedBody(_ coding: String) -> Problem {
        Problem(
            .unsupportedMediaType, "UnsupportedContentEncoding",
            "The request's body must be sent as it is, not with Content-Encoding: \(coding.prefix(64)).",
            headers: [.acceptEncoding: "identity"])
    }

    /// - Parameter seconds: Until there is room again.
    static func tooManyRequests(retryAfter seconds: Double) -> Problem {
        Problem(
            .tooManyRequests, "TooManyRequests", "You send more requests than this server allows; try again later.",
            headers: [.retryAfter: "\(max(1, Int(seconds.rounded(.up))))"])
    }

    static let overloaded = Problem(
        .serviceUnavailable, "Overloaded", "Too many requests are waiting; try again later.",
        headers: [.retryAfter: "1"])
}
