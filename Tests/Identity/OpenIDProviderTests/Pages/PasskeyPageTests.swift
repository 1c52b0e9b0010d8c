import DatabaseTestKit
import HTTPEdge
import JSON
import SQLDatabase
import Testing

@testable import Identity
@testable import OpenIDProvider

@Suite("Passkeys on pages") struct PasskeyPageTests {
    private func options(_ browser: TestBrowser, _ page: TestPage, _ action: String, _ purpose: String) async throws
        -> JSONValue
    {
        let csrf = try #require(page.form(action)?["csrf"])
        let response = try await browser.post("/auth/passkeys/options", ["csrf": csrf, "purpose": purpose])
        #expect(response.status == 200)
        return try JSONValue(parsing: response.text)
    }

    /// Bob enrols a passkey as his second factor.
    private func enrolled(
        _ kind: DatabaseKind, counter: UInt32 = 0,
        _ body: (PageFixture, TestBrowser, SoftAuthenticator) async throws -> Void
    ) async throws {
        try await PageFixture.with(kind) { fixture in
            let (browser, key) = (fixture.browser(), SoftAuthenticator(counter: counter))
            let page = try await browser.submit(
                try await browser.follow("/auth/login"), "/auth/login",
                ["username": "bob", "password": "correct horse"])
            let action = "/auth/enrolment/passkey"
            let creation = try await options(browser, page, action, "enrolment")
            #expect(creation["rp"]?["id"]?.string == "platform.example")
            #expect(creation["user"]?["name"]?.string == "bob")
            let response = try key.create(creation, origin: PageFixture.origin)
            let codes = try await browser.submit(page, action, ["label": "My key", "response": response])
            #expect(codes.errors.isEmpty)
            #expect(codes.title == "Keep your recovery codes – terrabyte")
            // Its challenge is used up.
            let again = try await browser.submit(
                try await browser.open("/auth/enrolment"), action, ["label": "Other", "response": response])
            #expect(again.errors == ["The passkey took too long. Try again."])
            try await body(fixture, browser, key)
        }
    }

    private func halfSignedIn(_ browser: TestBrowser) async throws -> TestPage {
        try await browser.submit(
            try await browser.follow("/auth/login"), "/auth/login", ["username": "bob", "password": "correct horse"])
    }

    @Test("are a second factor, with and without a PIN", arguments: DatabaseKind.tested)
    func secondFactor(kind: DatabaseKind) async throws {
        try await enrolled(kind) { fixture, _, key in
            let action = "/auth/login/factor/passkey"
            for verifiesUser in [true, false] {
                (key.verifiesUser, key.tellsUser) = (verifiesUser, verifiesUser)
                let browser = fixture.browser()
                let page = try await halfSignedIn(browser)
                #expect(page.title == "Second factor – terrabyte")
                let request = try await options(browser, page, action, "second-factor")
                #expect(request["allowCredentials"]?.array?.count == 1)
                let response = try key.get(request, origin: PageFixture.origin)
                let account = try await browser.submit(page, action, ["response": response])
                #expect(account.path == "/auth/account")
                let session = try await fixture.store.session(try #require(browser.token), SessionLimits())
                #expect(session?.authenticationMethods == ["pwd", "pop", "mfa"])
            }
            // The counter that stays 0 is none.
            #expect(try await fixture.store.events().allSatisfy { $0.action != .passkeyCounterWentBack })
        }
    }

    @Test("are all that is needed, if they ask for a PIN", arguments: DatabaseKind.tested)
    func alone(kind: DatabaseKind) async throws {
        try await enrolled(kind) { fixture, _, key in
            let (browser, action) = (fixture.browser(), "/auth/login/passkey")
            var page = try await browser.follow("/auth/device")
            let before = browser.token
            key.verifiesUser = false
            var request = try await options(browser, page, action, "sign-in")
            #expect(request["allowCredentials"]?.array?.isEmpty == true)
            #expect(request["userVerification"]?.string == "required")
            page = try await browser.submit(
                page, action, ["response": try key.get(request, origin: PageFixture.origin)])
            #expect(page.errors.count == 1)
            #expect(
                try await fixture.store.events().contains { $0.action == .passkeyChecked && $0.outcome == .failure })

            (key.verifiesUser, key.tellsUser) = (true, false)
            request = try await options(browser, page, action, "sign-in")
            let response = try key.get(request, origin: PageFixture.origin)
            let device = try await browser.submit(page, action, ["response": response])
            #expect(device.path == "/auth/device")
            #expect(browser.token != before)
            let session = try await fixture.store.session(try #require(browser.token), SessionLimits())
            #expect(session?.authenticationMethods == ["pop", "user", "mfa"])

            // Once more, in another browser.
            let other = fixture.browser()
            let login = try await other.follow("/auth/login")
            #expect(try await other.submit(login, action, ["response": response]).errors.count == 1)
            _ = try await options(other, login, action, "sign-in")
            #expect(try await other.submit(login, action, ["response": response]).errors.count == 1)

            try await fixture.store.setDisabled(true, "bob", by: .operator)
            request = try await options(other, login, action, "sign-in")
            let refused = try await other.submit(
                login, action, ["response": try key.get(request, origin: PageFixture.origin)])
            #expect(refused.errors == ["Your account is disabled. Ask the platform's administrators."])
        }
    }

    @Test("of others, of other sites, and without an answer are refused")
    func refused() async throws {
        try await enrolled(.sqlite) { fixture, _, key in
            let action = "/auth/login/factor/passkey"
            _ = try await fixture.enrol("ada")
            let browser = fixture.browser()
            func refuses(_ page: TestPage, _ make: (JSONValue) throws -> String) async throws {
                let request = try await options(browser, page, action, "second-factor")
                let answer = try await browser.send(page, action, ["response": try make(request)])
                #expect(answer.errors == ["The passkey was not accepted. Try again, or choose another way."])
            }
            let bobs = try await halfSignedIn(browser)
            try await refuses(bobs) { _ in "" }
            try await refuses(bobs) { _ in "{}" }
            try await refuses(bobs) { try key.get($0, origin: "https://evil.example") }
            try await refuses(bobs) { try SoftAuthenticator([9]).get($0, origin: PageFixture.origin) }
            try await refuses(bobs) { try SoftAuthenticator(key.id).get($0, origin: PageFixture.origin) }
            // Bob's passkey does not sign Ada in, whose password is known.
            let adas = try await browser.submit(
                try await browser.follow("/auth/login?again=1"), "/auth/login",
                ["username": "ada", "password": "correct horse"])
            // She has none: the page has no such form.
            let csrf = try #require(adas.form("/auth/login/factor")?["csrf"])
            let request = try JSONValue(
                parsing: try await browser.post(
                    "/auth/passkeys/options", ["csrf": csrf, "purpose": "second-factor"]
                ).text)
            let answer = try await browser.post(
                action, ["csrf": csrf, "response": try key.get(request, origin: PageFixture.origin)])
            #expect(answer.errors.count == 1)
            #expect(try await fixture.store.sessions(of: "ada").isEmpty)
        }
    }

    @Test("whose counter goes back are reported, and accepted")
    func counter() async throws {
        try await enrolled(.sqlite, counter: 9) { fixture, _, key in
            let action = "/auth/login/factor/passkey"
            // It counts to 10, then to 4, and then stands still.
            for (counter, reportCount) in [(9, 0), (3, 1), (3, 2)] as [(UInt32, Int)] {
                key.counter = counter
                let browser = fixture.browser()
                let page = try await halfSignedIn(browser)
                let request = try await options(browser, page, action, "second-factor")
                let account = try await browser.submit(
                    page, action, ["response": try key.get(request, origin: PageFixture.origin)])
                #expect(account.path == "/auth/account")
                let count = try await fixture.store.events().count { $0.action == .passkeyCounterWentBack }
                #expect(count == reportCount)
            }
        }
    }

    @Test("are managed on the account's page, down to the last one")
    func account() async throws {
        try await enrolled(.sqlite) { fixture, browser, _ in
            let account = try await browser.open("/auth/account")
            #expect(account.text.contains("<strong>My key</strong>"))
            #expect(account.form("/auth/account/passkeys/remove") == nil)
            let csrf = try #require(account.form("/auth/account/passkeys/rename"))
            var fields = csrf
            fields["label"] = "Green <key>"
            let renamed = try await browser.post("/auth/account/passkeys/rename", fields)
            #expect(renamed.location == "/auth/account?done=passkey-renamed")
            #expect(
                try await browser.open("/auth/account?done=passkey-renamed").text.contains("Green &lt;key&gt;"))
            // Whoever sends it nevertheless.
            let removed = try await browser.post("/auth/account/passkeys/remove", fields)
            #expect(removed.errors == ["This is your only second factor; add another one before you remove it."])
        }
    }

    @Test("are given no options by whom nobody knows")
    func options() async throws {
        try await PageFixture.with { fixture in
            let browser = fixture.browser()
            let csrf = try #require(try await browser.follow("/auth/login").form("/auth/login")?["csrf"])
            for purpose in ["enrolment", "second-factor", "other", ""] {
                let response = try await browser.post("/auth/passkeys/options", ["csrf": csrf, "purpose": purpose])
                #expect([400, 403].contains(response.status))
            }
            #expect(
                try await fixture.store.database.read {
                    try $0.value("SELECT count(*) AS found FROM identity_sessions") as Int
                } == 0)
        }
    }
}
