import Access
import DatabaseTestKit
import HTTPEdge
import HTTPTypes
import JSON
import SQLDatabase
import Temporal
import Testing

@testable import Identity
@testable import OpenIDProvider

@Suite("The page of the account") struct AccountPageTests {
    private func signedIn(
        _ body: (PageFixture, TestBrowser, TestTOTP, TestPage) async throws -> Void
    ) async throws {
        try await PageFixture.with { fixture in
            let telephone = try await fixture.enrol("ada")
            let browser = fixture.browser()
            let page = try await browser.signIn("ada", telephone)
            try await body(fixture, browser, telephone, page)
        }
    }

    @Test("changes the password, and signs out all but this browser")
    func password() async throws {
        try await signedIn { fixture, browser, telephone, page in
            let other = fixture.browser()
            _ = try await other.signIn("ada", telephone)
            func change(_ current: String, _ new: String) async throws -> TestPage {
                try await browser.submit(
                    try await browser.open("/auth/account"), "/auth/account/password",
                    ["current": current, "new": new])
            }
            #expect(try await change("wrong horse", "battery staple").errors == ["The current password is wrong."])
            #expect(try await change("correct horse", "short").errors.first?.contains("8 to 1,024 bytes") == true)
            #expect(try await change("correct horse", "").errors == ["Choose a new password."])
            let before = try #require(browser.token)
            let changed = try await change("correct horse", "battery staple")
            #expect(changed.errors.isEmpty)
            #expect(changed.text.contains("Your password is changed."))
            #expect(browser.token != before)
            #expect(try await fixture.store.session(before, SessionLimits()) == nil)
            #expect(try await other.follow("/auth/account").title == "Sign in – terrabyte")
            #expect(try await fixture.store.checkPassword("battery staple", of: "ada", address: nil) == .accepted)
            // Guessing is slowed down here, too.
            for _ in 0..<4 { _ = try await change("wrong horse", "battery staple") }
            try await fixture.lock("ada")
            #expect(
                try await change("battery staple", "correct horse").errors.first?.hasPrefix("There were too") == true)
        }
    }

    @Test("makes tokens that are shown once, and revokes them")
    func tokens() async throws {
        try await signedIn { fixture, browser, _, page in
            let day = String(
                Timestamp(microseconds: try await fixture.store.now().microseconds + 10 * 86_400_000_000)
                    .description.prefix(10))
            let fields = ["token-label": "jobs <1>", "scope-collections:read": "on", "token-end": day]
            let path = "/auth/account/tokens"
            for (field, value) in [
                ("token-label", ""), ("scope-collections:read", ""), ("token-end", ""), ("token-end", "2020-01-01"),
                ("token-end", "2999-01-01"), ("token-end", "today"),
            ] {
                let refused = try await browser.submit(page, path, fields.merging([field: value]) { $1 })
                #expect(refused.errors.count == 1)
            }
            // Not of hers: she is no administrator.
            let wrong = try await browser.submit(
                page, path, ["token-label": "x", "scope-administration": "on", "token-end": day])
            #expect(wrong.errors == ["Choose what the token may do."])
            #expect(!page.text.contains("scope-administration"))
            #expect(try await fixture.store.tokens(of: "ada").isEmpty)

            let made = try await browser.submit(page, path, fields)
            let token = try #require(made.between("<p class=\"secret\">", "</p>"))
            #expect(try await fixture.store.token(token)?.scopes.map(\.rawValue) == ["collections:read"])
            #expect(try await fixture.store.token(token)?.end.map { "\($0)".hasPrefix(day) } == false)
            let later = try await browser.open("/auth/account")
            #expect(!later.text.contains(token))
            #expect(later.text.contains("jobs &lt;1&gt;"))
            #expect(
                try await browser.submit(later, "/auth/account/tokens/revoke").text.contains("The token is revoked."))
            #expect(try await fixture.store.token(token) == nil)
        }
    }

    @Test("ends what belongs to the account, and nothing else")
    func ownership() async throws {
        try await signedIn { fixture, browser, telephone, page in
            let client = OAuthClient.builtIn[0]
            let token = try await fixture.store.makeToken(
                for: "bob", label: "", scopes: [], end: nil, by: .operator)
            let tokenID = try #require(try await fixture.store.token(token)).id
            let bobs = try await fixture.store.beginSession(
                of: "bob", .complete, [.password, .totp], replacing: nil,
                SessionClient(address: nil, agent: ""), SessionLimits())
            let sessionID = try #require(try await fixture.store.sessions(of: "bob").first).id
            let grantID = try await fixture.grant(client, "bob")
            let csrf = try #require(page.form("/auth/logout")?["csrf"])
            for (path, id) in [("tokens/revoke", tokenID), ("sessions/end", sessionID), ("programs/revoke", grantID)] {
                let refused = try await browser.post("/auth/account/\(path)", ["csrf": csrf, "id": "\(id)"])
                #expect(refused.errors.count == 1)
                let none = try await browser.post("/auth/account/\(path)", ["csrf": csrf, "id": "x"])
                #expect(none.errors.count == 1)
            }
            #expect(try await fixture.store.token(token) != nil)
            #expect(try await fixture.store.session(bobs, SessionLimits()) != nil)
            #expect(try await fixture.store.grant(grantID) != nil)

            let other = fixture.browser()
            other.headers[.userAgent] = "Chrome/140.0 (Windows)"
            _ = try await other.signIn("ada", telephone)
            let own = try await fixture.grant(client, "ada")
            let account = try await browser.open("/auth/account")
            #expect(account.text.contains("Chrome on Windows"))
            #expect(account.text.contains("Firefox on Linux</strong><span class=\"badge\">this browser"))
            #expect(account.text.contains("terrapi (LRZ)"))
            #expect(
                try await browser.submit(account, "/auth/account/sessions/end").text.contains(
                    "The browser is signed out."))
            #expect(try await other.follow("/auth/account").title == "Sign in – terrabyte")
            #expect(
                try await browser.submit(account, "/auth/account/programs/revoke").text.contains(
                    "The program is signed out."))
            #expect(try await fixture.store.grant(own) == nil)
        }
    }

    @Test("makes new recovery codes, and removes no last second factor")
    func factors() async throws {
        try await signedIn { fixture, browser, _, page in
            let old = try await fixture.store.makeRecoveryCodes(of: "ada", by: .operator)
            let codes = try await browser.submit(page, "/auth/account/recovery-codes")
            #expect(codes.title == "Keep your recovery codes – terrabyte")
            #expect(try await fixture.store.checkRecoveryCode(old[0], of: "ada", address: nil) == .wrong)
            #expect(page.form("/auth/account/totp/remove") == nil)
            let csrf = try #require(codes.form("/auth/enrolment/done")?["csrf"])
            let removed = try await browser.post("/auth/account/totp/remove", ["csrf": csrf])
            #expect(removed.errors.count == 1)
            #expect(try await fixture.store.hasTOTP("ada"))
        }
    }

    @Test("signs out at once who is named by the client's id_token")
    func logoutHint() async throws {
        try await signedIn { fixture, browser, telephone, _ in
            let client = try #require(OAuthClient.builtIn.first { $0.id == "terrabyte-portal" })
            let (store, location) = (fixture.store, fixture.pages.location)
            let issuer = TokenIssuer(
                store: store, location: location, keys: SigningKeyCache(store), lifetimes: TokenLifetimes())
            func idToken(of name: String) async throws -> String {
                let redirect = "\(PageFixture.origin)/portal/signed-in"
                let code = try await store.makeAuthorizationCode(
                    for: CodeRequest(
                        client: client.id, redirectURI: redirect, scopes: [Scope("openid")],
                        codeChallenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", nonce: nil),
                    Identity.Authentication(name, methods: ["pwd", "otp"], at: try await store.now()))
                let basis = try await store.redeemCode(
                    code, client: client, redirectURI: redirect,
                    verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", TokenLifetimes(), address: nil
                ).get()
                let response = try await issuer.response(basis, client: client, isFirst: true)
                return try #require(response["id_token"]?.string)
            }
            _ = try await fixture.enrol("bob")
            let query = "post_logout_redirect_uri=" + percentEncoded("\(PageFixture.origin)/portal/signed-in")
            let right = try await idToken(of: "ada")
            for wrong in [try await idToken(of: "bob"), right + "x", "x", String(right.dropLast(40))] {
                let page = try await browser.open("/auth/logout?id_token_hint=\(wrong)&\(query)")
                #expect(page.title == "Sign out? – terrabyte")
            }
            let other = try await browser.open("/auth/logout?id_token_hint=\(right)&client_id=terrapi&\(query)")
            #expect(other.title == "Sign out? – terrabyte")
            let before = try #require(browser.token)
            let left = try await browser.open("/auth/logout?id_token_hint=\(right)&\(query)")
            #expect(left.location == "\(PageFixture.origin)/portal/signed-in")
            #expect(try await store.session(before, SessionLimits()) == nil)
        }
    }

    @Test("signs out, after a question when the browser was sent there")
    func logout() async throws {
        try await signedIn { fixture, browser, _, page in
            let query = "client_id=terrabyte-portal&state=a%26b&post_logout_redirect_uri="
            let own = percentEncoded("\(PageFixture.origin)/portal/signed-in")
            let question = try await browser.open("/auth/logout?\(query)\(own)")
            #expect(question.title == "Sign out? – terrabyte")
            #expect(try await browser.open("/auth/account").status == 200)
            let before = try #require(browser.token)
            let left = try await browser.send(question, "/auth/logout")
            #expect(left.location == "\(PageFixture.origin)/portal/signed-in?state=a%26b")
            #expect(browser.cookie == nil)
            #expect(try await fixture.store.session(before, SessionLimits()) == nil)
            // To nowhere else.
            for uri in [
                "https://evil.example/", "\(PageFixture.origin)/portal/signed-in/x",
                "\(PageFixture.origin).evil.example",
            ] {
                let page = try await browser.open("/auth/logout?\(query)\(percentEncoded(uri))")
                #expect(page.title == "You are signed out – terrabyte")
            }
            let unknown = try await browser.open("/auth/logout?client_id=none&post_logout_redirect_uri=\(own)")
            #expect(unknown.location == nil)
        }
    }
}

extension PageFixture {
    /// A client that is signed in.
    func grant(_ client: OAuthClient, _ name: String) async throws -> Int64 {
        let now = try await store.now()
        if try await !store.hasSecondFactor(name) { _ = try await enrol(name) }
        let codes = try #require(
            try await store.makeDeviceRequest(client, scopes: [], challenge: nil, address: nil, userAgent: nil))
        guard
            case .found(let request) = try await store.deviceRequest(
                userCode: codes.userCode.description, address: nil)
        else { throw TestFault() }
        try await store.decideDevice(
            request.id, approve: true, Identity.Authentication(name, methods: ["pwd", "otp"], at: now), address: nil)
        let result = try await store.redeemDeviceCode(
            codes.deviceCode, client: client, verifier: nil, TokenLifetimes(), address: nil)
        return try result.get().grant.id
    }
}
