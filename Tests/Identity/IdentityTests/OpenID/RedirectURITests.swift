import Testing

@testable import Identity

@Suite("Redirect URIs") struct RedirectURITests {
    @Test(
        "are matched byte for byte, but for the port of this machine",
        arguments: [
            ("https://a.example/cb", "https://a.example/cb", true),
            ("https://a.example/cb", "https://a.example/cb/", false),
            ("https://a.example/cb", "https://a.example/cb?x=1", false),
            ("https://a.example/cb", "https://a.example/cb#x", false),
            ("https://a.example/cb", "https://a.example/CB", false),
            ("https://a.example/cb", "https://A.example/cb", false),
            ("https://a.example/cb", "http://a.example/cb", false),
            ("https://a.example/cb", "https://a.example:443/cb", false),
            ("https://a.example/cb", "https://a.example.evil.example/cb", false),
            ("https://a.example/cb", "https://evil.example/https://a.example/cb", false),
            ("https://a.example/cb", "https://a.example@evil.example/cb", false),
            ("https://a.example/cb", "https://a.example/x/../cb", false),
            ("https://a.example/cb", "https://a.example/%63b", false),
            ("https://a.example/cb", "", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1/cb", true),
            ("http://127.0.0.1/cb", "http://127.0.0.1:1/cb", true),
            ("http://127.0.0.1/cb", "http://127.0.0.1:65535/cb", true),
            ("http://127.0.0.1:9999/cb", "http://127.0.0.1:4711/cb", true),
            ("http://127.0.0.1/cb", "http://127.0.0.1:/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:123456/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:80@evil.example/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1.evil.example/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:80.evil.example/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:80/cb/..", false),
            ("http://127.0.0.1/cb", "http://localhost:80/cb", false),
            ("http://127.0.0.1/cb", "https://127.0.0.1:80/cb", false),
            ("http://[::1]/cb", "http://[::1]:80/cb", true),
            ("http://[::1]/cb", "http://[::2]:80/cb", false),
            ("org.example.app:/cb", "org.example.app:/cb", true),
            ("org.example.app:/cb", "org.example.app:/cb2", false),
            ("/portal/cb", "https://terrabyte.example/portal/cb", true),
            ("/portal/cb", "https://terrabyte.example/portal/cb2", false),
            ("/portal/cb", "https://terrabyte.example:8443/portal/cb", false),
            ("/portal/cb", "http://terrabyte.example/portal/cb", false),
            ("/portal/cb", "/portal/cb", false),
        ])
    func matching(registered: String, sent: String, isAllowed: Bool) throws {
        #expect(try RedirectURI(registered).matches(sent, origin: "https://terrabyte.example") == isAllowed)
    }

    @Test(
        "that lead anywhere else are not registered",
        arguments: [
            "", "//evil.example/cb", "javascript:alert(1)", "data:text/html,x", "http://a.example/cb", "https:///cb",
            "https:a.example", "https://*.a.example/cb", "https://a.example/cb#x", "https://user@a.example/cb",
            "https://a.example/a b", "https://a.example/\u{e4}", "myapp:/cb", "file:///etc/passwd", "cb",
            "http://localhost.evil.example/cb", "https://a.example/" + String(repeating: "x", count: 2_000),
        ])
    func refused(text: String) async throws {
        #expect(try await code { _ = try RedirectURI(text) } == .invalidValue)
    }

    @Test("of all clients that are built in are valid") func builtIn() {
        #expect(OAuthClient.builtIn.map(\.redirectURIs.count) == [3, 3, 3, 1])
    }
}
