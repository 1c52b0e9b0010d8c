import Testing
import WebClient

@Suite("Web client") struct WebClientTests {
    @Test(
        "asks where nobody between can listen",
        arguments: [
            ("https://example.org/a?b", true), ("http://localhost:8080/a", true), ("http://127.0.0.1/", true),
            ("http://[::1]:80/", true), ("http://example.org/", false), ("http://localhost.example.org/", false),
            ("http://localhost@example.org/", false), ("http://localhost:80@example.org/", false),
            ("file:///etc/passwd", false), ("gopher://localhost/", false), ("", false),
            ("https://example.org/\r\nHost: b", false), ("http://[::1/@example.org", false),
        ])
    func allowed(url: String, isAllowed: Bool) {
        #expect(WebClient.isAllowed(url) == isAllowed)
    }

    @Test("says why it got nothing") func failure() async throws {
        // Port 1 is of a service that nobody has.
        let error = await #expect(throws: WebClient.Failure.self) {
            try await WebClient().get("http://127.0.0.1:1/keys")
        }
        #expect(error?.description.contains("http://127.0.0.1:1/keys cannot be got") == true)
    }
}
