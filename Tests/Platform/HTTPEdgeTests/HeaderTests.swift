import Access
import HTTPTypes
import Testing

@testable import HTTPEdge

@Suite("Headers") struct HeaderTests {
    @Test(
        "tell whether gzip is accepted",
        arguments: [
            ("gzip", true), ("gzip, deflate", true), ("deflate,  GZIP;q=0.5", true), ("identity", false), ("*", false),
            ("gzip;q=0", false), ("gzip; q=0.000", false), ("br", false), ("", false),
        ])
    func gzip(header: String, isAccepted: Bool) {
        #expect(acceptsGzip(header) == isAccepted)
    }

    @Test(
        "read entity tags, weak and foreign ones too",
        arguments: [
            ("*", TagCondition.any), ("\"7\"", .oneOf([EntityTag(7)])),
            ("W/\"7\" , \"8\"", .oneOf([EntityTag(7), EntityTag(8)])),
            ("\"abc\"", .oneOf([])), ("7", .oneOf([])), ("", .oneOf([])),
        ])
    func tags(header: String, condition: TagCondition) {
        #expect(TagCondition(header) == condition)
    }

    @Test(
        "compare entity tags strongly where that is wanted",
        arguments: [
            (" *", TagCondition.any), ("W/\"7\" , \"8\"", .oneOf([EntityTag(8)])), ("W/\"7\"", .oneOf([])),
            ("\"7\", *", .oneOf([EntityTag(7)])),
        ])
    func strongTags(header: String, condition: TagCondition) {
        #expect(TagCondition(header, isStrong: true) == condition)
    }

    @Test(
        "name the operator by the whole token only",
        arguments: [
            ("Bearer secret", true), ("bearer secret", true), ("Bearer secre", false), ("Bearer secrets", false),
            ("Bearer ", false), ("Basic secret", false), ("secret", false), ("Bearer  secret", false),
        ])
    func operatorToken(header: String, isOperator: Bool) {
        var request = HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/")
        request.headerFields[.authorization] = header
        let principal = OperatorAuthenticator(token: "secret").principal(of: request, peer: nil)
        #expect(principal == (isOperator ? .operator : nil))
        #expect(OperatorAuthenticator(token: nil).principal(of: request, peer: nil) == nil)
        #expect(OperatorAuthenticator(token: "").principal(of: request, peer: nil) == nil)
    }

    @Test("escape and unescape what stands in paths and queries")
    func percent() {
        #expect(percentEncoded("a/b c+ü.~-_") == "a%2Fb%20c%2B%C3%BC.~-_")
        #expect(percentDecoded("a%2Fb%20c%2B%C3%BC") == "a/b c+ü")
        #expect(percentDecoded("a+b%2B", plusIsSpace: true) == "a b+")
        #expect(percentDecoded("a+b") == "a+b")
        #expect(percentDecoded("%4") == nil)
        #expect(percentDecoded("%zz") == nil)
        #expect(percentDecoded("%ff") == nil)
    }

    @Test("keep only harmless request ids", arguments: [("abc-1", true), ("", false), ("a b", false), ("a\n", false)])
    func requestID(text: String, isUsable: Bool) {
        #expect((usableRequestID(text) != nil) == isUsable)
        #expect(usableRequestID(String(repeating: "x", count: 129)) == nil)
    }
}
