import DatabaseTestKit
import SQLDatabase
import Testing

@testable import Identity
@testable import OpenIDProvider

@Suite("The page of a link to set a password") struct PasswordResetPageTests {
    @Test("sets it, once", arguments: DatabaseKind.tested)
    func reset(kind: DatabaseKind) async throws {
        try await PageFixture.with(kind) { fixture in
            let token = try await fixture.store.makePasswordReset(of: "ada", by: .operator)
            let (browser, path) = (fixture.browser(), "/auth/password")
            let page = try await browser.open("\(path)?token=\(token)")
            #expect(page.title == "Set your password – terrabyte")
            #expect(page.text.contains("<strong>ada</strong>"))
            let empty = try await browser.submit(page, path)
            #expect(empty.errors == ["Choose a password."])
            let short = try await browser.submit(page, path, ["password": "short"])
            #expect(short.errors.first?.hasPrefix("A password has 8 to") == true)
            let set = try await browser.submit(page, path, ["password": "battery staple"])
            #expect(set.title == "Your password is set – terrabyte")
            #expect(try await fixture.store.checkPassword("battery staple", of: "ada", address: nil) == .accepted)
            let spent = try await browser.submit(page, path, ["password": "another battery"])
            #expect(spent.status == 404)
            #expect(spent.title == "This link cannot be used – terrabyte")
            #expect(try await fixture.store.checkPassword("battery staple", of: "ada", address: nil) == .accepted)
            for query in ["", "?token=", "?token=x", "?token=" + String(repeating: "x", count: 5_000)] {
                let status = try await browser.open(path + query).status
                #expect(status == 404)
            }
        }
    }

    @Test("ends what is signed in with the password before", arguments: DatabaseKind.tested)
    func sessions(kind: DatabaseKind) async throws {
        try await PageFixture.with(kind) { fixture in
            let totp = try await fixture.enrol("ada")
            let signedIn = fixture.browser()
            _ = try await signedIn.signIn("ada", totp)
            let account = try await signedIn.open("/auth/account")
            #expect(account.status == 200)
            let token = try await fixture.store.makePasswordReset(of: "ada", by: .operator)
            let browser = fixture.browser()
            let page = try await browser.open("/auth/password?token=\(token)")
            try await browser.submit(page, "/auth/password", ["password": "battery staple"])
            let after = try await signedIn.open("/auth/account")
            #expect(after.location?.hasPrefix("/auth/login") == true)
        }
    }
}
