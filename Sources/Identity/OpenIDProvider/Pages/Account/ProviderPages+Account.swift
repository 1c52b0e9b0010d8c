import HTTPEdge
import Identity
import Temporal

extension ProviderPages {
    func addAccountRoutes(to routes: inout RouteGroup) {
        show("/account", "getAccount", "The own account", in: &routes) { try await accountPage($0) }
        take("/account/password", "postPassword", "Change the password", in: &routes) { try await changePassword($0) }
        take("/account/recovery-codes", "postRecoveryCodes", "Make new recovery codes", in: &routes) {
            try await makeRecoveryCodes($0)
        }
        take("/account/totp/remove", "postTOTPRemoval", "Remove the authenticator app", in: &routes) { visit in
            try await change(visit, "factor-removed", isSensitive: true) { name in
                try await store.removeTOTP(of: name, by: visit.actor(name))
            }
        }
        take("/account/passkeys/rename", "postPasskeyName", "Rename a passkey", in: &routes) { visit in
            try await change(visit, "passkey-renamed") { name in
                try await store.renamePasskey(visit.id, of: name, to: visit.form.text("label"))
            }
        }
        take("/account/passkeys/remove", "postPasskeyRemoval", "Remove a passkey", in: &routes) { visit in
            try await change(visit, "factor-removed", isSensitive: true) { name in
                try await store.removePasskey(visit.id, of: name, by: visit.actor(name))
            }
        }
        take("/account/sessions/end", "postSessionEnd", "Sign a browser out", in: &routes) { visit in
            try await change(visit, "session-ended") { name in
                try await store.endSession(visit.id, of: name, by: visit.actor(name))
            }
        }
        take("/account/programs/revoke", "postGrantRevocation", "Sign a program out", in: &routes) { visit in
            try await change(visit, "program-revoked") { name in
                try await store.revokeGrant(visit.id, of: name, by: visit.actor(name))
            }
        }
        take("/account/tokens", "postToken", "Make an API token", in: &routes) { try await makeToken($0) }
        take("/account/tokens/revoke", "postTokenRevocation", "Revoke an API token", in: &routes) { visit in
            try await change(visit, "token-revoked") { name in
                try await store.revokeToken(visit.id, of: name, by: visit.actor(name))
            }
        }
    }

    /// What the page says after something was done, by its name in the query.
    private static let notices = [
        "password-changed": "Your password is changed. All other browsers and programs are signed out.",
        "passkey-added": "The passkey is added.", "passkey-renamed": "The passkey is renamed.",
        "factor-removed": "The second factor is removed.", "session-ended": "The browser is signed out.",
        "program-revoked": "The program is signed out.", "token-revoked": "The token is revoked.",
    ]

    /// - Parameter newToken: An API token that was made now.
    func accountPage(
        _ visit: PageVisit, errors: [PageError] = [], newToken: String? = nil
    ) async throws -> PageResponse {
        let signedIn = try await signedIn(visit, returning: Self.prefix + "/account")
        let account = signedIn.account
        let memberships = try await store.memberships(of: account.name)
        let sections: [HTML] = [
            profileSection(account), passwordSection(visit, account, errors),
            try await factorSection(visit, account), try await programSection(visit, account),
            try await sessionSection(visit, signedIn), try await tokenSection(visit, account, errors, newToken),
            membershipSection(memberships),
        ]
        var page = Page("Your account", "<div class=\"columns\">\n\(sections)</div>")
        page.errors = errors
        page.notice = errors.isEmpty ? visit.query["done"].flatMap { Self.notices[$0] } : nil
        page.isWide = true
        page.account = account.name
        return .page(page)
    }

    /// Does something to the account, and shows it again.
    ///
    /// - Parameter isSensitive: Whether the sign-in has to be recent.
    private func change(
        _ visit: PageVisit, _ notice: String, isSensitive: Bool = false, _ body: (String) async throws -> Void
    ) async throws -> PageResponse {
        let path = Self.prefix + "/account"
        let signedIn =
            isSensitive
            ? try await recentlySignedIn(visit, returning: path) : try await signedIn(visit, returning: path)
        do { try await body(signedIn.account.name) } catch let error as IdentityError {
            return try await accountPage(visit, errors: [PageError(nil, error.message)])
        }
        return .redirect("\(path)?done=\(notice)")
    }

    // MARK: Profile and containers

    private func profileSection(_ account: Account) -> HTML {
        var rows: HTML = "<dt>User name</dt><dd>\(account.name)</dd>\n"
        func add(_ term: String, _ value: HTML?) {
            if let value { rows += "<dt>\(term)</dt><dd>\(value)</dd>\n" }
        }
        add("Name", account.fullName.isEmpty ? nil : "\(account.fullName)")
        add("E-mail", account.email.map { "\($0)" })
        if !account.roles.isEmpty { add("Roles", "\(account.roles.map(\.rawValue).sorted().joined(separator: ", "))") }
        add("Sponsor", account.sponsor.map { "\($0)" })
        add("Project", account.project.map { "\($0)" })
        add("Access ends", account.end.map { PageText.date($0) })
        return
            "<section class=\"card\" aria-labelledby=\"profile\">\n<h2 id=\"profile\">Profile</h2>\n<dl>\n\(rows)</dl>\n</section>\n"
    }

    private func membershipSection(_ memberships: [Membership]) -> HTML {
        let rows = memberships.map { membership -> HTML in
            let level: HTML =
                switch membership.level {
                case .ro: "you may read"
                case .rw: "you may read and write"
                case .manager: "you may read, write, and manage the members"
                }
            return """
                <li><div><strong class="tag">\(membership.container)</strong>
                <p class="soft">\(membership.title.isEmpty ? "" : "\(membership.title): ")\(level)</p></div></li>

                """
        }
        return """
            <section class="card" aria-labelledby="containers">
            <h2 id="containers">Containers</h2>
            \(HTML.when(
                rows.isEmpty, "<p class=\"soft\">You are a member of no container.</p>\n",
                else: "<ul class=\"rows\">\n\(rows)</ul>\n"))\
            </section>

            """
    }

    // MARK: Password

    private func passwordSection(_ visit: PageVisit, _ account: Account, _ errors: [PageError]) -> HTML {
        """
        <section class="card" aria-labelledby="password">
        <h2 id="password">Password</h2>
        <details\(errors.contains { ["current", "new"].contains($0.field) } ? " open" : "")>
        <summary>Change the password</summary>
        \(form("/account/password", visit, """
            <input type="text" name="username" value="\(account.name)" autocomplete="username" hidden>
            \(FormField.password("current", "Current password", isNew: false).html(errors))\
            \(FormField.password(
                "new", "New password", isNew: true,
                hint: "At least 8 characters; more are better. All other browsers and programs are signed out.").html(errors))\
            <button>Change</button>

            """))
        </details>
        </section>

        """
    }

    private func changePassword(_ visit: PageVisit) async throws -> PageResponse {
        let name = try await signedIn(visit, returning: Self.prefix + "/account").account.name
        func refuse(_ field: String, _ message: String) async throws -> PageResponse {
            try await accountPage(visit, errors: [PageError(field, message)])
        }
        guard let new = visit.form["new"] else { return try await refuse("new", "Choose a new password.") }
        switch try await store.checkPassword(
            visit.form.text("current"), of: name, address: visit.client.address)
        {
        case .accepted: break
        case .locked(let end):
            return try await refuse("current", PageText.lock(until: end, now: try await store.now()))
        case .wrong, .refused: return try await refuse("current", "The current password is wrong.")
        }
        do {
            try await store.setPassword(new, of: name, keeping: visit.token, by: visit.actor(name))
        } catch let error as IdentityError {
            return try await refuse("new", error.message)
        }
        var response = PageResponse.redirect(Self.prefix + "/account?done=password-changed")
        response.token = try await store.renewSession(visit.token)
        return response
    }
}

extension PageVisit {
    /// Of what a form is about.
    var id: Int64 { Int64(form.text("id")) ?? -1 }
}
