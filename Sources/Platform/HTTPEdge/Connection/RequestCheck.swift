import HTTPTypes
import NIOCore
import NIOHTTP1

/// What the decoder leaves open: whether a head may be served, and what is wrong with bytes that are no request.
///
/// Source: [RFC 9112](https://www.rfc-editor.org/rfc/rfc9112), [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110).
enum RequestCheck {
    /// Longest path with query, in bytes.
    static let longestTarget = 64 << 10
    /// Bytes of a head's names and values, with the target.
    static let longestHead = 128 << 10
    static let mostFields = 200

    /// A head that stands for one that cannot be read.
    static let unreadableHead = HTTPRequestHead(version: .http1_1, method: .RAW(value: "-"), uri: "")

    // MARK: Heads

    /// - Returns: `nil` for a head that may be served.
    static func problem(_ head: HTTPRequestHead) -> Problem? {
        var (hosts, codings) = ([String](), [String]())
        for (name, value) in head.headers {
            switch name.utf8.count {
            case 4 where isEqual(name, "host"): hosts.append(value)
            case 6 where isEqual(name, "expect"):
                guard isEqual(value, "100-continue") else { return .expectationFailed(value) }
            case 14 where isEqual(name, "content-length"):
                guard Int(value) != nil else { return .lengthTooLarge }
            case 17 where isEqual(name, "transfer-encoding"): codings.append(value)
            default: break
            }
        }
        if let problem = problem(codings: codings, head.version) { return problem }
        guard head.uri.utf8.count <= longestTarget else { return .targetTooLong }
        guard hosts.count == 1 || (hosts.isEmpty && head.version == .http1_0) else {
            return .malformed(
                hosts.isEmpty
                    ? "it has no Host header, which HTTP/1.1 requires" : "it has \(hosts.count) Host headers")
        }
        let host = hosts.first ?? ""
        guard host.utf8.allSatisfy(isAuthorityByte) else { return .malformed("its Host header is no host") }
        return problem(target: head.uri, host, head.method)
    }

    private static func problem(codings: [String], _ version: HTTPVersion) -> Problem? {
        guard let coding = codings.first else { return nil }
        guard version != .http1_0 else { return .malformed("HTTP/1.0 has no Transfer-Encoding") }
        guard codings.count == 1, isEqual(String(trimmed(coding[...])), "chunked") else {
            return .unknownCoding(codings.joined(separator: ", "))
        }
        return nil
    }

    private static func problem(target: String, _ host: String, _ method: HTTPMethod) -> Problem? {
        guard !target.utf8.contains(UInt8(ascii: "#")) else { return .malformed("its target has a fragment") }
        if target.utf8.first == UInt8(ascii: "/") || (target == "*" && method == .OPTIONS) { return nil }
        guard let authority = authority(of: target) else {
            return .malformed("its target is neither a path that begins with / nor an http URL")
        }
        // RFC 9112, section 3.2.2: of an absolute target, Host has to be the same.
        guard host.isEmpty || normalized(authority) == normalized(host) else {
            return .malformed("the authority of its target contradicts its Host header")
        }
        return nil
    }

    /// Of an absolute target.
    private static func authority(of target: String) -> Substring? {
        for scheme in ["http://", "https://"] where target.prefix(scheme.count).lowercased() == scheme {
            let authority = target.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" }
            return authority.isEmpty || !authority.utf8.allSatisfy(isAuthorityByte) ? nil : authority
        }
        return nil
    }

    private static func normalized(_ authority: some StringProtocol) -> String {
        let authority = authority.lowercased()
        for port in [":80", ":443"] where authority.hasSuffix(port) { return String(authority.dropLast(port.count)) }
        return authority
    }

    /// The path and query of a target.
    static func path(of target: String) -> String {
        if target == "*" { return "/" }
        guard target.utf8.first != UInt8(ascii: "/"), let authority = authority(of: target) else { return target }
        let rest = target[authority.endIndex...]
        return rest.first == "/" ? String(rest) : "/" + rest
    }

    static func contentLength(_ head: HTTPRequestHead) -> Int? {
        if let length = head.headers.first(name: "content-length") { return Int(length) }
        return head.headers.contains(name: "transfer-encoding") ? nil : 0
    }

    static func expectsContinue(_ head: HTTPRequestHead) -> Bool {
        head.version == .http1_1 && head.headers.contains(name: "expect")
    }

    /// The decoder stops behind a request that asks for another protocol, which is never given.
    static func isUpgrade(_ head: HTTPRequestHead) -> Bool {
        head.method == .CONNECT || head.headers.contains(name: "upgrade")
    }

    // MARK: Bytes that are no request

    /// - Parameter text: What there is of the head; `nil`: not known.
    /// - Returns: The head to hand up, with what is wrong with it; with nothing when a route can tell; `nil`: more has to
    ///   come before that can be told.
    static func explanation(
        of error: HTTPParserError, _ text: HeadText?
    ) -> (head: HTTPRequestHead, problem: Problem?)? {
        guard let text, error == .invalidMethod || error == .invalidVersion else {
            return (unreadableHead, problem(error, text))
        }
        guard let line = text.requestLine else {
            // Another protocol, such as TLS, may never send a line.
            return text.isText ? nil : (unreadableHead, problem(error, text))
        }
        guard error == .invalidMethod else { return (unreadableHead, problem(error, text)) }
        let parts = line.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, case .RAW = HTTPMethod(rawValue: String(parts[0])),
            HTTPRequest.Method(String(parts[0])) != nil, parts[1].first == "/",
            parts[1].utf8.count <= longestTarget, ["HTTP/1.1", "HTTP/1.0"].contains(parts[2])
        else { return (unreadableHead, .malformed("its first line is not METHOD /path HTTP/1.1")) }
        // Whether the path is known decides about the response.
        return (
            HTTPRequestHead(version: .http1_1, method: .RAW(value: String(parts[0])), uri: String(parts[1])), nil
        )
    }

    /// - Parameter text: What there is of the head; `nil`: not known, or the fault is in the body or its trailer fields.
    static func problem(_ error: HTTPParserError, _ text: HeadText?) -> Problem {
        if let text, case .headerOverflow = error, text.requestLine?.utf8.count ?? .max > longestTarget {
            return .targetTooLong
        }
        let text = text ?? HeadText()
        return switch error {
        case .headerOverflow: .headTooLarge
        case .unexpectedContentLength,
            .invalidContentLength where text.hasTwoLengths,
            .unknown where text.hasTwoLengths:
            .malformed("it has Content-Length twice, or beside Transfer-Encoding")
        case .invalidContentLength:
            text.values(of: "content-length").contains { !$0.isEmpty && $0.allSatisfy(\.isWholeNumber) }
                ? .lengthTooLarge : .malformed("its Content-Length is no number")
        case .invalidChunkSize, .strictModeAssertion: .malformed("its body is not in chunks as it says")
        case .invalidVersion where text.foreignVersion != nil: .unsupportedVersion(text.foreignVersion ?? "")
        case .invalidVersion: .malformed("its first line does not end with HTTP/1.1 or HTTP/1.0, and CR LF")
        case .invalidMethod, .invalidURL, .invalidConstant:
            .malformed("its first line is not METHOD /path HTTP/1.1")
        case .invalidHeaderToken, .invalidCharactersUsed: .malformed("one of its header fields is malformed")
        case .invalidEOFState, .closedConnection: .malformed("it ended early")
        default:
            unknownCodings(text).map { .unknownCoding($0) } ?? .malformed("it is no HTTP")
        }
    }

    private static func unknownCodings(_ text: HeadText) -> String? {
        let codings = text.values(of: "transfer-encoding").joined(separator: ", ")
        return codings.isEmpty || isEqual(codings, "chunked") ? nil : codings
    }
}

extension Problem {
    static func malformed(_ what: String) -> Problem {
        Problem(.badRequest, "MalformedRequest", "The request cannot be read: \(what).")
    }

    fileprivate static func unsupportedVersion(_ version: String) -> Problem {
        Problem(
            .httpVersionNotSupported, "UnsupportedVersion", "The server speaks HTTP/1.1 and HTTP/1.0, not \(version).")
    }

    fileprivate static func expectationFailed(_ expectation: String) -> Problem {
        Problem(
            .expectationFailed, "ExpectationFailed",
            "The server meets the expectation 100-continue, not '\(expectation.prefix(64))'.")
    }

    fileprivate static let lengthTooLarge = Problem(
        .contentTooLarge, "ContentTooLarge", "The request's body is larger than any that this server takes.")

    fileprivate static let targetTooLong = Problem(
        .uriTooLong, "TargetTooLong",
        "The path with its query is longer than \(RequestCheck.longestTarget) bytes; send long searches as POST.")

    fileprivate static let headTooLarge = Problem(
        .requestHeaderFieldsTooLarge, "HeadTooLarge",
        "The request's header fields are more than \(RequestCheck.mostFields), one is longer than "
            + "\(RequestCheck.longestTarget) bytes, or all are longer than \(RequestCheck.longestHead) bytes.")

    fileprivate static func unknownCoding(_ codings: String) -> Problem {
        Problem(
            .notImplemented, "UnknownTransferCoding",
            "The server reads bodies with Transfer-Encoding: chunked, not '\(codings.prefix(64))'.")
    }

    static func headTimedOut(after timeout: TimeAmount) -> Problem {
        Problem(
            .requestTimeout, "RequestTimeout",
            "The request's head did not arrive within \(timeout.nanoseconds / 1_000_000_000) seconds.")
    }

    static func bodyTimedOut(after timeout: TimeAmount) -> Problem {
        Problem(
            .requestTimeout, "RequestTimeout",
            "The request's body did not arrive within \(timeout.nanoseconds / 1_000_000_000) seconds.")
    }
}

/// - Parameter lowercased: In lower case.
private func isEqual(_ text: String, _ lowercased: String) -> Bool {
    text.utf8.count == lowercased.utf8.count
        && zip(text.utf8, lowercased.utf8).allSatisfy { byte, other in
            byte == other || (UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte && byte | 0x20 == other)
        }
}

/// Without spaces and tabs at both ends.
func trimmed(_ text: Substring) -> Substring {
    var text = text.drop { $0 == " " || $0 == "\t" }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return text
}
