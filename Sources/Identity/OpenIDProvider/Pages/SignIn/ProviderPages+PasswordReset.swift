import HTTPEdge
import HTTPTypes
import Identity

/// Where somebody sets a password by a link: of a new account, or instead of one that was forgotten.
extension ProviderPages {
    func passwordResetPage(_ visit: PageVisit, errors: [PageError] = []) async throws -> PageResponse {
        let token = visit.form["token"] ?? visit.query["token"] ?? ""
        guard token.utf8.count <= 200, let name = try await store.passwordReset(token) else {
            return .page(
                errorPage(
                    "This link cannot be used",
                    "It does not exist, is older than a day, or was used. Ask whoever has sent it for another one.",
                    status: .notFound))
        }
        var page = Page(
            "Set your password",
            """
            <p>For the account <strong>\(name)</strong>. Where you are signed in with the password before, that ends.</p>
            \(form("/password", visit, hidden: [("token", token)], """
                <input type="text" name="username" value="\(name)" autocomplete="username" hidden>
                \(FormField.password("password", "Password", isNew: true, hint: "At least 8 characters; more are better.")
                    .html(errors))\
                <button>Set password</button>

                """))
            """)
        page.errors = errors
        return .page(page)
    }

    func resetPassword(_ visit: PageVisit) async throws -> PageResponse {
        guard let password = visit.form["password"] else {
            return try await passwordResetPage(visit, errors: [PageError("password", "Choose a password.")])
        }
        do {
            try await store.resetPassword(visit.form.text("token"), to: password, address: visit.client.address)
        } catch let error as IdentityError where error.code == .invalidPassword {
            return try await passwordResetPage(visit, errors: [PageError("password", error.message)])
        } catch let error as IdentityError where error.code == .noSuchPasswordReset {
            return try await passwordResetPage(visit)
        }
        return .page(
            Page(
                "Your password is set",
                """
                <p>Sign in with it from now on.</p>
                <p><a href="\(Self.prefix)/account">Sign in</a></p>
                """))
    }
}
