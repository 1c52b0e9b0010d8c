import HTTPEdge
import HTTPTypes
import Testing

@testable import Identity
@testable import OpenIDProvider

@Suite("Pages") struct PagePolicyTests {
    @Test("are not kept, framed or referred to, and run nothing but their own script")
    func headers() async throws {
        try await PageFixture.with(terms: .init(version: "1", text: "Be kind.")) { fixture in
            let telephone = try await fixture.enrol("ada")
            let browser = fixture.browser()
            func check(_ page: TestPage) {
                let headers = page.response.headers
                #expect(headers[.cacheControl] == "no-store")
                #expect(headers[.referrerPolicy] == "no-referrer")
                #expect(headers[.xFrameOptions] == "DENY")
                let policy = headers[.contentSecurityPolicy] ?? ""
                #expect(policy.hasPrefix("default-src 'none'; "))
                #expect(policy.contains("frame-ancestors 'none'"))
                #expect(policy.contains("base-uri 'none'"))
                #expect(policy.contains("form-action 'self'"))
                #expect(!policy.contains("unsafe"))
                #expect(policy.contains("script-src") == page.text.contains("<script"))
                // What would be refused by the policy, or stands for HTML that has become text.
                #expect(!page.text.contains(" style=\""))
                #expect(!page.text.contains(#/\ on[a-z]+="/#))
                #expect(!page.text.contains("&lt;"))
                #expect(!page.text.contains("Optional("))
                #expect(page.text.contains("<html lang=\"en\">"))
            }
            check(try await browser.follow("/auth/login"))
            let enrolling = fixture.browser()
            check(
                try await enrolling.submit(
                    try await enrolling.follow("/auth/login"), "/auth/login",
                    ["username": "bob", "password": "correct horse"]))
            let terms = try await browser.signIn("ada", telephone)
            check(terms)
            check(try await browser.submit(terms, "/auth/terms", ["terms": "on"]))
            for path in ["/auth/account", "/auth/enrolment", "/auth/device", "/auth/invitation?token=x"] {
                check(try await browser.follow(path))
            }
        }
    }

    @Test("set a cookie for this host alone, which scripts do not see")
    func cookie() async throws {
        try await PageFixture.with { fixture in
            let browser = fixture.browser()
            let header = try await browser.open("/auth/login").response.headers[.setCookie] ?? ""
            #expect(header.hasPrefix("__Host-terrabyte-session="))
            #expect(header.hasSuffix("; Path=/; HttpOnly; SameSite=Lax; Secure"))
            // It stays until something changes.
            #expect(try await browser.open("/auth/login").response.headers[.setCookie] == nil)
        }
        let plain = SessionCookie(origin: "http://localhost:8080").header(SessionToken())
        #expect(plain.hasPrefix("terrabyte-session=") && !plain.contains("Secure"))
        #expect(SessionCookie(origin: "https://a").header(nil).contains("Max-Age=0"))
    }

    @Test(
        "take one cookie of the name",
        arguments: [("%", true), ("a=b; %", true), ("%; %", false), ("X%", false), ("", false), ("%0", false)])
    func cookies(pattern: String, isFound: Bool) {
        let token = SessionToken()
        let cookie = SessionCookie(origin: "https://a")
        let pair = String(cookie.header(token).prefix { $0 != ";" })
        #expect(cookie.token(in: [.cookie: pattern.replacing("%", with: pair)]) == (isFound ? token : nil))
    }

    @Test(
        "let forms be sent to nothing that is no origin",
        arguments: [
            ("https://a.example", true), ("http://[::1]:5000", true), ("org.example.app:", true),
            ("https://a.example; script-src *", false), ("'unsafe-inline'", false), ("*", false),
            ("https://a.example,b", false),
        ])
    func formTargets(target: String, isTaken: Bool) {
        let policy = PagePolicy(formTargets: [target], runsScript: false).text
        #expect(policy.contains("form-action 'self' \(target);") == isTaken)
        #expect(isTaken || policy.contains("form-action 'self';"))
    }

    @Test("name browsers as people do")
    func agents() {
        #expect(
            PageText.browser("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
                == "Firefox on Linux")
        #expect(
            PageText.browser("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1")
                == "Safari on iPhone")
        #expect(PageText.browser("curl/8") == "A browser")
        #expect(SessionClient(address: nil, agent: "a\nb" + String(repeating: "x", count: 500)).agent.count == 199)
    }

    @Test("draw QR codes that have the text's size")
    func qrCode() throws {
        let svg = try #require(QRCode.svg("otpauth://totp/a?secret=ABC", label: "Code <1>")).text
        #expect(svg.contains("aria-label=\"Code &lt;1&gt;\""))
        #expect(svg.contains("viewBox=\"0 0 37 37\""))
        // The finder pattern of the upper left corner, behind a margin of four modules.
        #expect(svg.contains("M4 4h7v1h-7z"))
        #expect(QRCode.svg(String(repeating: "x", count: 2_001), label: "") == nil)
    }
}
