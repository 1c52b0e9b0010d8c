import Access
import DatabaseTestKit
import HTTPEdge
import HTTPTypes
import SQLDatabase
import Temporal
import Testing

@testable import Identity
@testable import OpenIDProvider

@Suite("Authorizing a program") struct AuthorizePageTests {
    private static let redirect = "https://app.example/cb"

    private static func path(_ client: String = "app", _ more: String = "", redirect: String = redirect) -> String {
        "/auth/authorize?response_type=code&client_id=\(client)&redirect_uri=\(percentEncoded(redirect))"
            + "&scope=openid%20collections%3Aread&state=a%20b&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
            + "&code_challenge_method=S256" + more
    }

    private func withClient(
        _ kind: DatabaseKind = .sqlite, _ body: (PageFixture, TestBrowser, TestTOTP) async throws -> Void
    ) async throws {
        try await PageFixture.with(kind) { fixture in
            let client = OAuthClient(
                "app", title: "Somebody's app", redirectURIs: [try RedirectURI(Self.redirect)],
                grantTypes: [.authorizationCode, .refreshToken, .deviceCode],
                scopes: [Scope("openid"), Scope("collections:read")])
            _ = try await fixture.store.addClient(client, by: .operator)
            try await body(fixture, fixture.browser(), try await fixture.enrol("ada"))
        }
    }

    private func parameters(_ page: TestPage) throws -> FormFields {
        let url = try #require(page.location)
        #expect(url.hasPrefix(Self.redirect + "?"))
        return try FormFields(String(url.dropFirst(Self.redirect.count + 1)))
    }

    private func answer(_ browser: TestBrowser, _ path: String) async throws -> FormFields {
        try parameters(try await browser.open(path))
    }

    private func signIn(_ browser: TestBrowser, _ path: String, _ telephone: TestTOTP) async throws -> TestPage {
        let login = try await browser.follow(path)
        let factor = try await browser.submit(login, "/auth/login", ["username": "ada", "password": "correct horse"])
        return try await browser.submit(factor, "/auth/login/factor", ["code": try await telephone.next()])
    }

    /// As if so many seconds had gone by since the sign-in.
    private func age(_ fixture: PageFixture, by seconds: Int64) async throws {
        let time = try await fixture.store.now().adding(seconds: -seconds)
        try await fixture.store.database.write {
            _ = try $0.execute("UPDATE identity_sessions SET authenticated_at = ?", time)
        }
    }

    @Test("of somebody else asks for consent, and sends a code", arguments: DatabaseKind.tested)
    func consent(kind: DatabaseKind) async throws {
        try await withClient(kind) { fixture, browser, telephone in
            let login = try await browser.follow(Self.path())
            // The redirect that follows the form leads there.
            #expect(
                login.response.headers[.contentSecurityPolicy]?.contains("form-action 'self' https://app.example;")
                    == true)
            let consent = try await signIn(browser, Self.path(), telephone)
            #expect(consent.title == "Give access? – terrabyte")
            #expect(consent.text.contains("Somebody&#39;s app"))
            #expect(consent.text.contains("Read your own and shared collections"))
            #expect(consent.response.headers[.contentSecurityPolicy]?.contains("https://app.example;") == true)
            let denied = try await browser.send(consent, "/auth/authorize/decision", ["decision": "deny"])
            #expect(try parameters(denied)["error"] == "access_denied")
            let approved = try await browser.send(consent, "/auth/authorize/decision", ["decision": "approve"])
            let sent = try parameters(approved)
            #expect(sent["state"] == "a b")
            #expect(sent["iss"] == PageFixture.origin + "/auth")
            let client = try #require(try await fixture.store.client("app"))
            let basis = try await fixture.store.redeemCode(
                try #require(sent["code"]), client: client, redirectURI: Self.redirect,
                verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", TokenLifetimes(), address: nil
            ).get()
            #expect(basis.grant.account == "ada")
            #expect(basis.grant.authenticationMethods == ["pwd", "otp", "mfa"])

            // Now that there is a grant, it is not asked again, unless the client wants it.
            #expect(try await answer(browser, Self.path())["code"] != nil)
            #expect(try await browser.open(Self.path("app", "&prompt=consent")).title == "Give access? – terrabyte")
            #expect(try await answer(browser, Self.path("app", "&prompt=none"))["code"] != nil)
            try await fixture.store.revokeGrants(of: "ada", by: .operator)
            let silent = try await browser.open(Self.path("app", "&prompt=none"))
            #expect(try parameters(silent)["error"] == "consent_required")
        }
    }

    @Test("shows nothing when nothing may be shown")
    func silent() async throws {
        try await withClient { fixture, browser, telephone in
            let path = Self.path("app", "&prompt=none")
            #expect(try await answer(browser, path)["error"] == "login_required")
            _ = try await browser.submit(
                try await browser.follow("/auth/login"), "/auth/login",
                ["username": "ada", "password": "correct horse"])
            #expect(try await answer(browser, path)["error"] == "login_required")
        }
    }

    @Test(
        "asks for a new sign-in once, where one is wanted",
        arguments: ["&prompt=login", "&max_age=0", "&prompt=select_account"])
    func again(parameter: String) async throws {
        try await withClient { fixture, browser, telephone in
            _ = try await browser.signIn("ada", telephone)
            let before = try #require(browser.token)
            try await age(fixture, by: 30)
            let login = try await browser.follow(Self.path("app", parameter))
            #expect(login.title == "Sign in again – terrabyte")
            let consent = try await signIn(browser, login.path, telephone)
            #expect(consent.title == "Give access? – terrabyte")
            #expect(try await fixture.store.session(before, SessionLimits()) == nil)
            // One that is young enough will do.
            let page = try await browser.follow(Self.path("app", "&max_age=600"))
            #expect(page.title == "Give access? – terrabyte")
        }
    }

    @Test("of somebody else on this machine is asked for again, since any program may pretend to be it")
    func pretenders() async throws {
        try await withClient { fixture, browser, telephone in
            let redirect = "http://127.0.0.1:5000/callback"
            let client = OAuthClient(
                "other", title: "Another app", redirectURIs: [try RedirectURI("http://127.0.0.1/callback")],
                grantTypes: [.authorizationCode], scopes: [Scope("openid"), Scope("collections:read")])
            _ = try await fixture.store.addClient(client, by: .operator)
            let path = Self.path("other", redirect: redirect)
            let consent = try await signIn(browser, path, telephone)
            #expect(consent.title == "Give access? – terrabyte")
            let approved = try await browser.send(consent, "/auth/authorize/decision", ["decision": "approve"])
            let url = try #require(approved.location)
            let code = try #require(try FormFields(String(url.dropFirst(redirect.count + 1)))["code"])
            let known = try #require(try await fixture.store.client("other"))
            _ = try await fixture.store.redeemCode(
                code, client: known, redirectURI: redirect, verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
                TokenLifetimes(), address: nil
            ).get()
            #expect(try await browser.open(path).location?.hasPrefix("\(redirect)?code=") == true)
            try await age(fixture, by: 120)
            #expect(try await browser.open(path).title == "Give access? – terrabyte")
            let silent = try await browser.open(Self.path("other", "&prompt=none", redirect: redirect))
            #expect(silent.location?.contains("error=consent_required") == true)
        }
    }

    @Test("of the platform gets its code at once, on this machine only after a sign-in")
    func firstParty() async throws {
        try await withClient { fixture, browser, telephone in
            let portal = Self.path("terrabyte-portal", redirect: "\(PageFixture.origin)/portal/signed-in")
            let terrapi = Self.path("terrapi", redirect: "http://127.0.0.1:5000/callback")
            let first = try await signIn(browser, terrapi, telephone)
            #expect(first.location?.hasPrefix("http://127.0.0.1:5000/callback?code=") == true)
            try await age(fixture, by: 120)
            #expect(try await browser.open(portal).location?.contains("/portal/signed-in?code=") == true)
            let question = try await browser.open(terrapi)
            #expect(question.title == "Give access? – terrabyte")
            let policy = question.response.headers[.contentSecurityPolicy] ?? ""
            #expect(policy.contains("form-action 'self' http://127.0.0.1:5000;"))
        }
    }

    @Test(
        "never sends anybody where the client has no address",
        arguments: [
            ("app", "https://evil.example/cb"), ("app", redirect + "/x"), ("app", redirect + "?x=1"),
            ("nobody", redirect), ("", redirect), ("app", ""), ("app", "javascript:alert(1)"),
        ])
    func unredirectable(client: String, uri: String) async throws {
        try await withClient { fixture, browser, telephone in
            _ = try await browser.signIn("ada", telephone)
            let page = try await browser.open(Self.path(client, redirect: uri))
            #expect(page.status == 400)
            var query = AuditQuery()
            query.action = .authorizationRefused
            #expect(try await fixture.store.events(query).map(\.subject) == [client])
            #expect(page.location == nil)
            #expect(page.title == "The program's request cannot be used – terrabyte".replacing("'", with: "&#39;"))
            let csrf = try #require(try await browser.open("/auth/account").form("/auth/logout")?["csrf"])
            let request = String(Self.path(client, redirect: uri).drop { $0 != "?" }.dropFirst())
            let decided = try await browser.post(
                "/auth/authorize/decision", ["csrf": csrf, "request": request, "decision": "approve"])
            #expect(decided.status == 400)
        }
    }

    @Test("tells the client what is wrong with the rest")
    func errors() async throws {
        try await withClient { _, browser, _ in
            let path = Self.path().replacing("response_type=code", with: "response_type=token")
            let fields = try await answer(browser, path)
            #expect(fields["error"] == "unsupported_response_type")
        }
    }

    @Test("takes forms of clients, without a cookie, as the same request")
    func posted() async throws {
        try await withClient { _, browser, _ in
            let query = String(Self.path().drop { $0 != "?" }.dropFirst())
            let route = try #require(browser.routes.routes.first { $0.method == .post && $0.path == "/auth/authorize" })
            guard case .inline(let handler) = route.handler else { throw TestFault() }
            for (body, location) in [
                (query, "/auth/authorize?" + query), ("a\r\nX: y", "/auth/authorize?"), ("a#b", "/auth/authorize?"),
            ] {
                let head = HTTPRequest(method: .post, scheme: nil, authority: nil, path: "/auth/authorize")
                let response = try await handler(EdgeRequest(head, body: Array(body.utf8)))
                #expect(response.status == .seeOther)
                #expect(response.headers[.location] == location)
                #expect(response.headers[.setCookie] == nil)
            }
        }
    }
}
