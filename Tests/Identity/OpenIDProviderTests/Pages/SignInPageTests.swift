import DatabaseTestKit
import HTTPEdge
import HTTPTypes
import SQLDatabase
import Temporal
import Testing

@testable import Identity
@testable import OpenIDProvider

@Suite("Signing in on pages") struct SignInPageTests {
    @Test(
        "for the first time enrols a second factor, with another session at each step", arguments: DatabaseKind.tested)
    func first(kind: DatabaseKind) async throws {
        try await PageFixture.with(kind, terms: .init(version: "7", text: "# Scope\n\nBe <kind>.")) { fixture in
            let browser = fixture.browser()
            let login = try await browser.follow("/auth/device?user_code=WDJB-MJHT")
            #expect(login.path.hasPrefix("/auth/login?return="))
            #expect(login.title == "Sign in – terrabyte")
            let anonymous = try #require(browser.token)
            let enrolment = try await browser.submit(
                login, "/auth/login", ["username": " Ada ", "password": "correct horse"])
            #expect(enrolment.title == "Set up your second factor – terrabyte")
            let half = try #require(browser.token)
            #expect(half != anonymous)
            let totp = try #require(try await fixture.store.enrollingTOTP(in: half))
            #expect(enrolment.text.contains(ProviderPages.grouped(totp.secretText)))
            #expect(enrolment.text.contains("<svg class=\"qr\" role=\"img\""))

            let wrong = try await browser.submit(enrolment, "/auth/enrolment", ["code": "abcdef"])
            #expect(wrong.title.hasPrefix("Error: "))
            #expect(browser.token == half)
            let code = totp.code(step: TOTP.step(at: try await fixture.store.now().microseconds / 1_000_000))
            let codes = try await browser.submit(wrong, "/auth/enrolment", ["code": code])
            #expect(codes.title == "Keep your recovery codes – terrabyte")
            #expect(codes.text.matches(of: /<li>[a-z2-7]{4}(-[a-z2-7]{4}){3}<\/li>/).count == 10)
            let whole = try #require(browser.token)
            #expect(whole != half)

            let unkept = try await browser.submit(codes, "/auth/enrolment/done")
            #expect(unkept.errors == ["Confirm that you have kept the codes."])
            let terms = try await browser.submit(unkept, "/auth/enrolment/done", ["kept": "on"])
            #expect(terms.title == "Terms of use – terrabyte")
            #expect(terms.text.contains("<h2>Scope</h2>\n<p>Be &lt;kind&gt;.</p>"))
            #expect(try await browser.submit(terms, "/auth/terms").errors.count == 1)
            // Back to where it began.
            let device = try await browser.submit(terms, "/auth/terms", ["terms": "on"])
            #expect(device.path == "/auth/device?user_code=WDJB-MJHT")
            #expect(try await fixture.store.hasAcceptedTerms("7", "ada"))
            for token in [anonymous, half] {
                #expect(try await fixture.store.session(token, SessionLimits()) == nil)
            }
        }
    }

    @Test("says no more than it may", arguments: DatabaseKind.tested)
    func refusals(kind: DatabaseKind) async throws {
        try await PageFixture.with(kind) { fixture in
            let browser = fixture.browser()
            func errors(_ name: String, _ password: String) async throws -> [String] {
                let page = try await browser.submit(
                    try await browser.follow("/auth/login"), "/auth/login", ["username": name, "password": password])
                return page.errors
            }
            let wrong = ["The user name or the password is wrong."]
            for name in ["ada", "nobody", "no.body", String(repeating: "x", count: 5_000)] {
                #expect(try await errors(name, "wrong horse") == wrong)
            }
            #expect(try await errors("", "") == ["Enter your user name.", "Enter your password."])
            try await fixture.store.setDisabled(true, "bob", by: .operator)
            #expect(try await errors("bob", "wrong horse") == wrong)
            #expect(
                try await errors("bob", "correct horse")
                    == ["Your account is disabled. Ask the platform's administrators."])
            try await fixture.store.setDisabled(false, "bob", by: .operator)
            try await fixture.store.setEnd(try await fixture.store.now(), of: "bob", by: .operator)
            #expect(try await errors("bob", "correct horse").first?.hasPrefix("Your account has ended.") == true)

            // The same words whether there is an account.
            for name in ["ada", "nobody"] {
                try await fixture.lock(name)
                let sentence = try #require(try await errors(name, "correct horse").first)
                #expect(
                    sentence.wholeMatch(
                        of: /There were too many wrong attempts\. Try again in 5 minutes, after \d\d:\d\d:\d\d UTC\./)
                        != nil)
            }
            #expect(browser.token.map { $0.text.isEmpty } == false)
        }
    }

    @Test("takes a code once, then not, and recovery codes, too", arguments: DatabaseKind.tested)
    func secondFactor(kind: DatabaseKind) async throws {
        try await PageFixture.with(kind) { fixture in
            let telephone = try await fixture.enrol("ada")
            let browser = fixture.browser()
            #expect(try await browser.signIn("ada", telephone).path == "/auth/account")
            let replayed = telephone.lastCode

            let second = fixture.browser()
            let factor = try await second.submit(
                try await second.follow("/auth/login"), "/auth/login", ["username": "ada", "password": "correct horse"])
            #expect(factor.title == "Second factor – terrabyte")
            let refused = try await second.submit(factor, "/auth/login/factor", ["code": replayed])
            #expect(refused.errors == ["The code is wrong, or was used before. Wait for the next one."])
            #expect(try await second.follow("/auth/account").title == "Second factor – terrabyte")
            #expect(try await second.submit(refused, "/auth/login/factor", ["code": ""]).errors == ["Enter the code."])

            let codes = try await fixture.store.makeRecoveryCodes(of: "ada", by: .operator)
            let fields = ["kind": "recovery", "recovery": codes[0]]
            #expect(try await second.submit(refused, "/auth/login/factor", fields).path == "/auth/account")
            let third = fixture.browser()
            let again = try await third.submit(
                try await third.follow("/auth/login"), "/auth/login", ["username": "ada", "password": "correct horse"])
            #expect(
                try await third.submit(again, "/auth/login/factor", fields).errors
                    == ["The recovery code is wrong, or was used before."])
            #expect(try await third.follow("/auth/enrolment").title == "Second factor – terrabyte")
        }
    }

    @Test("of two accounts in two tabs mixes nothing", arguments: DatabaseKind.tested)
    func tabs(kind: DatabaseKind) async throws {
        try await PageFixture.with(kind) { fixture in
            let telephone = try await fixture.enrol("ada")
            _ = try await fixture.enrol("bob")
            let browser = fixture.browser()
            let (first, second) = (try await browser.follow("/auth/login"), try await browser.follow("/auth/login"))
            let factor = try await browser.submit(
                first, "/auth/login", ["username": "ada", "password": "correct horse"])
            // The other tab's form is one of a session that is over.
            let stale = try await browser.send(
                second, "/auth/login", ["username": "bob", "password": "correct horse"])
            #expect(stale.status == 403)
            #expect(stale.title == "This page is out of date – terrabyte")
            // It is opened again, and becomes another account's; the first tab's code is for nobody now.
            _ = try await browser.submit(
                try await browser.follow("/auth/login"), "/auth/login",
                ["username": "bob", "password": "correct horse"])
            let late = try await browser.send(factor, "/auth/login/factor", ["code": try await telephone.next()])
            #expect(late.status == 403)
            #expect(try await fixture.store.session(try #require(browser.token), SessionLimits())?.account == "bob")
            #expect(try await fixture.store.sessions(of: "ada").isEmpty)
        }
    }

    @Test("gives nothing to who has set the cookie before")
    func fixation() async throws {
        try await PageFixture.with { fixture in
            let telephone = try await fixture.enrol("ada")
            let attacker = fixture.browser()
            _ = try await attacker.follow("/auth/login")
            let victim = fixture.browser()
            victim.cookie = attacker.cookie
            #expect(try await victim.signIn("ada", telephone).path == "/auth/account")
            #expect(victim.cookie != attacker.cookie)
            #expect(try await attacker.follow("/auth/account").title == "Sign in – terrabyte")
        }
    }

    @Test("is asked again for what is sensitive, after a quarter of an hour")
    func again() async throws {
        try await PageFixture.with { fixture in
            let telephone = try await fixture.enrol("ada")
            let browser = fixture.browser()
            let account = try await browser.signIn("ada", telephone)
            #expect(try await browser.open("/auth/enrolment").title == "Add a second factor – terrabyte")
            let earlier = Timestamp(microseconds: try await fixture.store.now().microseconds - 901_000_000)
            try await fixture.store.database.write {
                _ = try $0.execute("UPDATE identity_sessions SET authenticated_at = ?", earlier)
            }
            for path in ["/auth/account/recovery-codes", "/auth/account/tokens"] {
                #expect(try await browser.submit(account, path).title == "Sign in again – terrabyte")
            }
            let login = try await browser.follow("/auth/enrolment")
            #expect(login.title == "Sign in again – terrabyte")
            #expect(login.text.contains("value=\"ada\""))
            let before = browser.token
            let factor = try await browser.submit(
                login, "/auth/login", ["username": "ada", "password": "correct horse"])
            let enrolment = try await browser.submit(factor, "/auth/login/factor", ["code": try await telephone.next()])
            #expect(enrolment.title == "Add a second factor – terrabyte")
            #expect(try await fixture.store.session(try #require(before), SessionLimits()) == nil)
            #expect(try await fixture.store.sessions(of: "ada").count == 1)
        }
    }

    @Test("asks for a new version of the terms, too")
    func terms() async throws {
        try await PageFixture.with(terms: .init(version: "2", text: "Be kind.")) { fixture in
            let telephone = try await fixture.enrol("ada")
            try await fixture.store.acceptTerms("1", of: "ada", by: .operator)
            let browser = fixture.browser()
            let terms = try await browser.signIn("ada", telephone)
            #expect(terms.title == "Terms of use – terrabyte")
            #expect(try await browser.follow("/auth/account").title == "Terms of use – terrabyte")
            #expect(try await browser.submit(terms, "/auth/terms", ["terms": "on"]).path == "/auth/account")
        }
    }
}
