import HTTPTypes
import NIOCore
import Testing

@testable import HTTPEdge

@Suite("Forwarding by trusted proxies") struct ForwardingTests {
    @Test(
        "are addresses and networks",
        arguments: [
            ("127.0.0.1", "127.0.0.1", true), ("127.0.0.1", "127.0.0.2", false), ("10.0.0.0/8", "10.200.3.4", true),
            ("10.0.0.0/8", "11.0.0.1", false), ("192.168.4.0/22", "192.168.7.255", true),
            ("192.168.4.0/22", "192.168.8.0", false), ("0.0.0.0/0", "8.8.8.8", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("::1", "::1", true), ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::1", false),
            ("10.0.0.1, ::1,172.16.0.0/12", "172.31.0.1", true), ("10.0.0.0/8", "::ffff:10.1.2.3", true),
            ("", "10.0.0.1", false),
        ])
    func networks(text: String, address: String, isTrusted: Bool) throws {
        #expect(try IPNetworks(text).contains(SocketAddress(ipAddress: address, port: 1)) == isTrusted)
    }

    @Test(
        "that are none are rejected",
        arguments: ["10.0.0", "10.0.0.0/33", "::/129", "x", "10.0.0.0/-1", "10.0.0.0/", "::1/a"])
    func invalid(text: String) {
        #expect(throws: IPNetworks.InvalidNetwork.self) { try IPNetworks(text) }
    }

    private func base(_ fields: [(String, String)], peer: String? = "10.0.0.1") throws -> String {
        var configuration = EdgeConfiguration()
        configuration.trustedProxies = try IPNetworks("10.0.0.0/8")
        var head = HTTPRequest(method: .get, scheme: nil, authority: "inner:8080", path: "/")
        for (name, value) in fields { head.headerFields[try #require(HTTPField.Name(name))] = value }
        let address = try peer.map { try SocketAddress(ipAddress: $0, port: 1) }
        return try LinkBase(head, peer: address, configuration, prefix: "/api").text
    }

    static let forwarded: [([(String, String)], String)] = [
        ([], "http://inner:8080/api"),
        ([("Forwarded", "for=1.2.3.4;proto=https;host=stac.example.org")], "https://stac.example.org/api"),
        (
            [("Forwarded", "For=\"[2001:db8::1]:80\"; Proto=HTTPS; Host=\"stac.example.org:444\"")],
            "https://stac.example.org:444/api"
        ),
        // The client's own values are left of the proxy's.
        (
            [("Forwarded", "host=evil.example;proto=https, for=1.2.3.4;proto=http;host=good.example")],
            "http://good.example/api"
        ),
        // Two trusted proxies.
        (
            [("Forwarded", "for=1.2.3.4;proto=https;host=outer.example, for=10.0.0.2;proto=http;host=inner.example")],
            "https://outer.example/api"
        ),
        ([("X-Forwarded-Proto", "https")], "https://inner:8080/api"),
        (
            [("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "stac.example.org"), ("X-Forwarded-Prefix", "/eo/")],
            "https://stac.example.org/eo/api"
        ),
        (
            [("X-Forwarded-For", "6.6.6.6, 1.2.3.4"), ("X-Forwarded-Host", "evil.example, good.example")],
            "http://good.example/api"
        ),
        ([("X-Forwarded-For", "1.2.3.4, 10.0.0.2"), ("X-Forwarded-Proto", "https, http")], "https://inner:8080/api"),
    ]

    @Test("are believed", arguments: forwarded)
    func believed(fields: [(String, String)], expected: String) throws {
        #expect(try base(fields) == expected)
    }

    @Test("are the only ones to be believed", arguments: forwarded)
    func others(fields: [(String, String)], expected: String) throws {
        #expect(try base(fields, peer: "11.0.0.1") == "http://inner:8080/api")
        #expect(try base(fields, peer: nil) == "http://inner:8080/api")
    }

    @Test(
        "must say what can be",
        arguments: [
            ("X-Forwarded-Proto", "javascript"), ("X-Forwarded-Host", "a\"b"), ("X-Forwarded-Prefix", "x"),
            ("X-Forwarded-Prefix", "/<b>"), ("Forwarded", "host=a/b"),
        ])
    func unusable(name: String, value: String) {
        #expect(throws: Problem.self) { try base([(name, value)]) }
    }
}
