import HTTPEdge
import HTTPTypes

/// The parameters of a form or a query, each of which occurs once.
///
/// Sources: [RFC 6749, section 3.1 and appendix B](https://www.rfc-editor.org/rfc/rfc6749#section-3.1),
/// [URL, application/x-www-form-urlencoded](https://url.spec.whatwg.org/#application/x-www-form-urlencoded).
struct FormParameters: Sendable, Hashable {
    /// Of a form, in bytes: it may have a token in it.
    static let bodyLimit = 80 << 10
    static let countLimit = 50
    static let mediaType = "application/x-www-form-urlencoded"

    /// Parameters without a value are treated as if they were not there.
    private var values: [String: String] = [:]

    /// - Throws: `OAuthError.invalidRequest`: a parameter occurs twice, there are too many, or one is not percent-encoded
    ///   UTF-8.
    init(_ text: some StringProtocol) throws(OAuthError) {
        guard text.utf8.count <= Self.bodyLimit else { throw .invalidRequest("There are too many parameters.") }
        let pairs = Substring(text).split(separator: "&", maxSplits: Self.countLimit + 1)
        guard pairs.count <= Self.countLimit else { throw .invalidRequest("There are more than 50 parameters.") }
        var names: Set<String> = []
        for pair in pairs {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = percentDecoded(parts[0], plusIsSpace: true),
                let value = percentDecoded(parts.count > 1 ? parts[1] : "", plusIsSpace: true)
            else { throw .invalidRequest("A parameter is not percent-encoded UTF-8.") }
            guard names.insert(name).inserted else {
                throw .invalidRequest("The parameter '\(name.prefix(50))' occurs twice.")
            }
            if !value.isEmpty { values[name] = value }
        }
    }

    /// Of the body of a request, which must be a form. Nothing may be in the URL, which is logged on its way.
    init(body request: EdgeRequest) throws(OAuthError) {
        guard request.query == nil else {
            throw .invalidRequest("Parameters belong into the body, not into the URL, which is logged.")
        }
        let type = request.head.headerFields[.contentType]?.prefix { $0 != ";" }.lowercased()
        guard type?.trimmingBlanks == Self.mediaType else {
            throw .invalidRequest("The body must be a form: Content-Type: \(Self.mediaType).")
        }
        guard let text = String(validating: request.body, as: UTF8.self) else {
            throw .invalidRequest("The body is not UTF-8.")
        }
        try self.init(text)
    }

    subscript(name: String) -> String? { values[name] }

    /// - Throws: `OAuthError.invalidRequest`: it is missing or too long.
    func required(_ name: String, byteLimit: Int = 70 << 10) throws(OAuthError) -> String {
        guard let value = try optional(name, byteLimit: byteLimit) else {
            throw .invalidRequest("The parameter '\(name)' is missing.")
        }
        return value
    }

    /// - Throws: `OAuthError.invalidRequest`: it is too long.
    func optional(_ name: String, byteLimit: Int) throws(OAuthError) -> String? {
        guard let value = values[name] else { return nil }
        guard value.utf8.count <= byteLimit else {
            throw .invalidRequest("The parameter '\(name)' has more than \(byteLimit) bytes.")
        }
        return value
    }
}

extension String {
    fileprivate var trimmingBlanks: String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
