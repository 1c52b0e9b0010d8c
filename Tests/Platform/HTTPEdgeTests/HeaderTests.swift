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

    @Test("refuse writing without a configured token, without one sent and with another")
    func access() throws {
        let none = #expect(throws: Problem.self) { try OperatorAccess(token: nil).check([.authorization: "Bearer "]) }
        #expect(none?.status == .forbidden)
        let access = OperatorAccess(token: "secret")
        #expect(throws: Problem.self) { try access.check([:]) }
        for header in ["Bearer secre", "Bearer secrets", "Bearer ", "Basic secret", "secret", "Bearer  secret"] {
            #expect(throws: Problem.self, "\(header)") { try access.check([.authorization: header]) }
        }
        try access.check([.authorization: "Bearer secret"])
        try access.check([.authorization: "bearer secret"])
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
