import HTTPEdge
import HTTPTypes
import JSON
import Testing

@testable import Identity
@testable import OpenIDProvider

@Suite("Forms") struct FormCheckTests {
    private static let site = HTTPField.Name("Sec-Fetch-Site")!

    @Test(
        "are taken from our own pages only",
        arguments: [
            (["Sec-Fetch-Site": "same-origin"], true, true), (["Sec-Fetch-Site": "none"], true, true),
            (["Sec-Fetch-Site": "cross-site"], false, false), (["Sec-Fetch-Site": "same-site"], false, false),
            (["Sec-Fetch-Site": "cross-site", "Origin": "https://platform.example"], false, false),
            (["Sec-Fetch-Site": "same-origin", "Origin": "null"], true, true),
            (["Origin": "https://platform.example"], true, false), (["Origin": "https://evil.example"], false, false),
            (["Origin": "https://platform.example.evil.example"], false, false),
            (["Origin": "http://platform.example"], false, true),
            (["Origin": "null"], false, true), ([:], false, true),
        ] as [([String: String], Bool, Bool)])
    func origin(headers: [String: String], isOwnWithTLS: Bool, isOwnWithout: Bool) throws {
        var fields = HTTPFields()
        for (name, value) in headers { fields[try #require(HTTPField.Name(name))] = value }
        #expect(FormCheck.isOwn(fields, origin: "https://platform.example") == isOwnWithTLS)
        #expect(FormCheck.isOwn(fields, origin: "http://platform.example") == isOwnWithout)
    }

    @Test("without the session's token, or from elsewhere, do nothing")
    func refused() async throws {
        try await PageFixture.with { fixture in
            let telephone = try await fixture.enrol("ada")
            let browser = fixture.browser()
            let account = try await browser.signIn("ada", telephone)
            let fields = ["current": "correct horse", "new": "battery staple"]
            #expect(try await browser.post("/auth/account/password", fields).status == 403)
            let other = fixture.browser()
            let foreign = try #require(try await other.follow("/auth/login").form("/auth/login")?["csrf"])
            let stolen = fields.merging(["csrf": foreign]) { $1 }
            #expect(try await browser.post("/auth/account/password", stolen).status == 403)
            browser.headers[Self.site] = "cross-site"
            #expect(try await browser.send(account, "/auth/account/password", fields).status == 403)
            #expect(try await browser.send(account, "/auth/logout").status == 403)
            browser.headers[Self.site] = "same-origin"
            var query = AuditQuery()
            query.action = .formRefused
            let events = try await fixture.store.events(query).reversed()
            #expect(events.map(\.details["reason"]) == ["stale", "stale", "foreign", "foreign"])
            #expect(events.map(\.subject).first == "/auth/account/password")
            #expect(events.allSatisfy { $0.actor == AuditActor("ada", address: "192.0.2.9") })
            #expect(
                try await fixture.store.checkPassword("correct horse", of: "ada", address: nil) == .accepted)
            #expect(try await browser.open("/auth/account").status == 200)
            let saved = browser.cookie
            browser.cookie = nil
            let foreignPage = try await browser.send(account, "/auth/account/password", fields)
            #expect(foreignPage.title == "Cookies are needed – terrabyte")
            // With a form of another site there is no cookie: a new one would sign its owner out.
            #expect(foreignPage.response.headers[.setCookie] == nil)
            browser.cookie = saved
            #expect(
                try await browser.send(account, "/auth/account/password", fields).location
                    == "/auth/account?done=password-changed")
        }
    }

    @Test(
        "lead nowhere else than the server has said",
        arguments: [
            "https://evil.example/", "//evil.example/", "/auth/account", "/\\evil.example", "/auth//evil.example",
            "javascript:alert(1)", "/other", "",
        ])
    func openRedirect(target: String) async throws {
        try await PageFixture.with { fixture in
            let telephone = try await fixture.enrol("ada")
            let browser = fixture.browser()
            _ = try await browser.follow("/auth/login")
            let token = try #require(browser.token)
            let foreign = SessionToken()
            for value in [target, "." + target, foreign.signature(of: "return " + target) + "." + target] {
                let page = try await browser.follow("/auth/login?return=\(percentEncoded(value))")
                #expect(page.form("/auth/login")?["return"] == nil)
            }
            // Signed, as the server would never do.
            let signed = ReturnPath.signed(target, token)
            let page = try await browser.follow("/auth/login?return=\(percentEncoded(signed))")
            let isOurs = target == "/auth/account"
            #expect((page.form("/auth/login")?["return"] != nil) == isOurs)
            let factor = try await browser.submit(
                page, "/auth/login", ["username": "ada", "password": "correct horse"])
            let last = try await browser.send(factor, "/auth/login/factor", ["code": try await telephone.next()])
            #expect(last.location == "/auth/account")
        }
    }

    @Test(
        "may be followed by redirects to the client, as the policy says",
        arguments: [
            ("/auth/authorize?redirect_uri=http%3A%2F%2F127.0.0.1%3A5000%2Fcallback&x=1", ["http://127.0.0.1:5000"]),
            ("/auth/authorize?redirect_uri=https://app.example/cb?a=b", ["https://app.example"]),
            ("/auth/authorize?redirect_uri=org.example.app:/cb", ["org.example.app:"]),
            ("/auth/authorize?x=1", []), ("/auth/device?redirect_uri=https://evil.example", []), (nil, []),
        ] as [(String?, [String])])
    func targets(path: String?, targets: [String]) {
        #expect(ReturnPath.formTargets(path) == targets)
    }

    @Test("with fields that are not theirs are refused", arguments: ["a=1&a=2", "a=%ff", "a=%4", "%zz=1"])
    func fields(text: String) {
        #expect(throws: Problem.self) { try FormFields(text) }
    }

    @Test("have at most a hundred fields")
    func fieldCount() throws {
        let text = (0..<100).map { "f\($0)=+%2B" }.joined(separator: "&")
        #expect(try FormFields(text)["f99"] == " +")
        #expect(throws: Problem.self) { try FormFields(text + "&g=1") }
    }
}
