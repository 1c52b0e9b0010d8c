import HTTPEdge
import HTTPTypes

/// Whether a client that changes or removes something wants to see the result: with `Prefer: return=minimal` it does
/// not, and gets 204 without a body. Created objects are always returned.
///
/// Source: [RFC 7240, section 4.2](https://www.rfc-editor.org/rfc/rfc7240#section-4.2).
enum ReturnPreference {
    private static let minimal = "return=minimal"

    static func applied(to response: EdgeResponse, for request: HTTPRequest) -> EdgeResponse {
        guard request.method != .post, response.status == .ok, prefersMinimal(request.headerFields) else {
            return response
        }
        var headers: HTTPFields = [.preferenceApplied: minimal]
        headers[.eTag] = response.headers[.eTag]
        return EdgeResponse(status: .noContent, headers: headers)
    }

    private static func prefersMinimal(_ headers: HTTPFields) -> Bool {
        headers[values: .prefer].contains { value in
            value.split(separator: ",").contains { preference in
                preference.prefix { $0 != ";" }.filter { !$0.isWhitespace && $0 != "\"" }.lowercased() == minimal
            }
        }
    }
}

extension HTTPField.Name {
    static let prefer = Self("Prefer")!
    static let preferenceApplied = Self("Preference-Applied")!
}
