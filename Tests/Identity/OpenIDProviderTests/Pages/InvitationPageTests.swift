import DatabaseTestKit
import HTTPEdge
import SQLDatabase
import Temporal
import Testing

@testable import Identity
@testable import OpenIDProvider

@Suite("The page of an invitation") struct InvitationPageTests {
    @Test("makes an account with second factor and accepted terms, once", arguments: DatabaseKind.tested)
    func accept(kind: DatabaseKind) async throws {
        try await PageFixture.with(kind, terms: .init(version: "3", text: "Be kind.")) { fixture in
            let store = fixture.store
            let end = Timestamp(microseconds: try await store.now().microseconds + 30 * 86_400_000_000)
            let token = try await store.invite(
                InvitationDraft("zoe@example.org", sponsor: "ada", project: "Fields & meadows", end: end),
                by: AuditActor("ada"))
            let browser = fixture.browser()
            let path = "/auth/invitation"
            let page = try await browser.open("\(path)?token=\(token)")
            for shown in ["<strong>ada</strong> invites you", "zoe@example.org", "Fields &amp; meadows", "Be kind."] {
                #expect(page.text.contains(shown))
            }
            // Opening uses nothing up.
            #expect(try await browser.open("\(path)?token=\(token)").status == 200)
            let totp = try #require(try await store.invitation(token)).totp
            let code = totp.code(step: TOTP.step(at: try await store.now().microseconds / 1_000_000))
            let right = [
                "username": "zoe", "name": "Zoe Ö.", "password": "correct horse", "code": code, "terms": "on",
            ]
            for (field, value, error) in [
                ("username", "", "Choose a user name."), ("name", "", "Enter your name."),
                ("password", "", "Choose a password."), ("code", "", "Enter the code that the app shows."),
                ("terms", "", "Tick the box to accept the terms."),
                ("username", "ada", "An account or a container has the name 'ada'"),
                ("username", "z.z", "'z.z' is no user name"), ("password", "short", "A password has 8 to"),
                ("code", "abcdef", "The code is wrong"),
            ] {
                let refused = try await browser.submit(page, path, right.merging([field: value]) { $1 })
                #expect(refused.errors.count == 1)
                #expect(refused.errors.first?.hasPrefix(error) == true)
                #expect(refused.text.contains("href=\"#\(field)\""))
            }
            #expect(try await store.account("zoe") == nil)
            let codes = try await browser.submit(page, path, right)
            #expect(codes.title == "Keep your recovery codes – terrabyte")
            let account = try await browser.submit(codes, "/auth/enrolment/done", ["kept": "on"])
            #expect(account.path == "/auth/account")
            #expect(account.text.contains("Zoe Ö."))
            #expect(try await store.account("zoe")?.sponsor == "ada")
            #expect(try await store.hasAcceptedTerms("3", "zoe"))
            let spent = try await browser.open("\(path)?token=\(token)")
            #expect(spent.status == 404)
            #expect(spent.title == "This invitation cannot be used – terrabyte")
            for query in ["", "?token=", "?token=x", "?token=" + String(repeating: "x", count: 5_000)] {
                #expect(try await browser.open(path + query).status == 404)
            }
        }
    }
}
