import Access
import DatabaseTestKit
import HTTPEdge
import SQLDatabase
import Testing

@testable import Identity
@testable import OpenIDProvider

@Suite("The page for devices") struct DevicePageTests {
    private static let client = OAuthClient.builtIn[0]

    private func withRequest(
        _ kind: DatabaseKind,
        _ body: (PageFixture, TestBrowser, DeviceCodes) async throws -> Void
    ) async throws {
        try await PageFixture.with(kind) { fixture in
            let telephone = try await fixture.enrol("ada")
            let browser = fixture.browser()
            _ = try await browser.signIn("ada", telephone)
            let codes = try #require(
                try await fixture.store.makeDeviceRequest(
                    Self.client, scopes: [Scope("openid"), Scope("collections:read"), Scope("administration")],
                    challenge: nil,
                    address: "198.51.100.7", userAgent: "python-requests/<2>"))
            try await body(fixture, browser, codes)
        }
    }

    private func redeem(_ fixture: PageFixture, _ codes: DeviceCodes) async throws -> GrantRefusal? {
        let result = try await fixture.store.redeemDeviceCode(
            codes.deviceCode, client: Self.client, verifier: nil, TokenLifetimes(), address: nil)
        switch result {
        case .success(let basis):
            #expect(basis.account.name == "ada")
            #expect(basis.grant.authenticationMethods == ["pwd", "otp", "mfa"])
            return nil
        case .failure(let refusal): return refusal
        }
    }

    @Test("shows who asks for what, and approves", arguments: DatabaseKind.tested)
    func approve(kind: DatabaseKind) async throws {
        try await withRequest(kind) { fixture, browser, codes in
            // As the program's link has it, as it is typed, and by the form.
            let code = codes.userCode.description
            let linked = try await browser.open("/auth/device?user_code=\(code)")
            let entry = try await browser.open("/auth/device")
            let typed = try await browser.submit(
                entry, "/auth/device", ["user_code": code.lowercased().replacing("-", with: " ")])
            for page in [linked, typed] {
                #expect(page.title == "Is this your program? – terrabyte")
                #expect(page.text.contains("<p class=\"compare\">\(code)</p>"))
                for shown in [
                    "terrapi (LRZ)", "<strong>ada</strong>", "198.51.100.7", "python-requests/&lt;2&gt;",
                    "Read your own and shared collections", "Know your user name",
                ] {
                    #expect(page.text.contains(shown))
                }
                // She may not, whatever the program has asked for.
                #expect(!page.text.contains("Manage people"))
            }
            // Looking is no approval.
            #expect(try await redeem(fixture, codes) == .pending)
            let done = try await browser.submit(linked, "/auth/device/decision", ["decision": "approve"])
            #expect(done.title == "You are signed in – terrabyte")
            #expect(try await redeem(fixture, codes) == nil)
            let again = try await browser.submit(linked, "/auth/device/decision", ["decision": "approve"])
            #expect(again.errors == ["The code has ended, or was used already."])
        }
    }

    @Test("denies, also when nothing was chosen", arguments: ["deny", ""])
    func deny(decision: String) async throws {
        try await withRequest(.sqlite) { fixture, browser, codes in
            let page = try await browser.open("/auth/device?user_code=\(codes.userCode)")
            let done = try await browser.submit(page, "/auth/device/decision", ["decision": decision])
            #expect(done.title == "Denied – terrabyte")
            #expect(try await redeem(fixture, codes) == .denied)
        }
    }

    @Test("tells nothing about codes that are wrong, and limits guessing")
    func guessing() async throws {
        try await withRequest(.sqlite) { fixture, browser, codes in
            for code in ["BBBB-BBBB", "x", "<b>", String(repeating: "A", count: 10_000)] {
                let page = try await browser.open("/auth/device?user_code=\(percentEncoded(code))")
                #expect(page.errors == ["There is no such code, or it has ended. Codes last 10 minutes."])
                #expect(!page.text.contains("<b>"))
            }
            let entry = try await browser.open("/auth/device")
            #expect(try await browser.submit(entry, "/auth/device").errors == ["Enter the code."])
            var errors: [String] = []
            for _ in 0..<20 where !errors.contains(where: { $0.hasPrefix("There were too many") }) {
                errors += try await browser.open("/auth/device?user_code=BBBB-BBBB").errors
            }
            #expect(errors.last?.hasPrefix("There were too many wrong attempts.") == true)
            // Now the right one is refused, too.
            #expect(try await browser.open("/auth/device?user_code=\(codes.userCode)").errors.count == 1)
        }
    }

    @Test("needs somebody who has signed in with two factors")
    func anonymous() async throws {
        try await withRequest(.sqlite) { fixture, _, codes in
            let browser = fixture.browser()
            let login = try await browser.follow("/auth/device?user_code=\(codes.userCode)")
            #expect(login.title == "Sign in – terrabyte")
            let enrolment = try await browser.submit(
                login, "/auth/login", ["username": "bob", "password": "correct horse"])
            #expect(enrolment.title == "Set up your second factor – terrabyte")
            let csrf = try #require(enrolment.form("/auth/enrolment")?["csrf"])
            let decided = try await browser.post(
                "/auth/device/decision", ["csrf": csrf, "decision": "approve", "request": "x"])
            #expect(decided.location?.hasPrefix("/auth/enrolment") == true)
            #expect(try await redeem(fixture, codes) == .pending)
        }
    }
}
