import HTTPEdge
import Identity
import IdentityHosting

/// Ending the browser's session.
///
/// Source: [OpenID Connect RP-Initiated Logout 1.0](https://openid.net/specs/openid-connect-rpinitiated-1_0.html).
extension ProviderPages {
    func addLogoutRoutes(to routes: inout RouteGroup) {
        show("/logout", "getLogout", "Sign out", in: &routes) { try await logoutPage($0) }
        take("/logout", "postLogout", "Sign out", in: &routes) { try await logOut($0) }
    }

    private func logoutPage(_ visit: PageVisit) async throws -> PageResponse {
        let fields = visit.query
        let hint = try await hint(fields)
        let target = try await logoutTarget(fields, hint)
        guard let session = visit.session, session.step == .complete, let name = session.account else {
            return loggedOut(to: target)
        }
        // The client proves that it has signed this user in; a link of anybody else would be a nuisance.
        if let hint, hint.account == name {
            try await store.endSession(visit.token, address: visit.client.address)
            return loggedOut(to: target)
        }
        let hidden = ["client_id", "id_token_hint", "post_logout_redirect_uri", "state"].compactMap { name in
            fields[name].map { (name, $0) }
        }
        var page = Page(
            "Sign out?",
            """
            <p>You are signed in as <strong>\(name)</strong>. Programs stay signed in.</p>
            \(form("/logout", visit, hidden: hidden, """
                <div class="actions">
                <button>Sign out</button>
                <a class="button secondary" href="\(Self.prefix)/account">Stay signed in</a>
                </div>

                """))
            """)
        page.formTargets = target.flatMap { ReturnPath.formTarget($0) }.map { [$0] } ?? []
        return .page(page)
    }

    private func logOut(_ visit: PageVisit) async throws -> PageResponse {
        let target = try await logoutTarget(visit.form, try await hint(visit.form))
        try await store.endSession(visit.token, address: visit.client.address)
        return loggedOut(to: target)
    }

    private func hint(_ fields: FormFields) async throws -> IDTokenHint? {
        guard let token = fields["id_token_hint"],
            let hint = try await IDTokenHint.read(token, store, location),
            fields["client_id"] ?? hint.client == hint.client
        else { return nil }
        return hint
    }

    private func loggedOut(to target: String?) -> PageResponse {
        var response =
            target.map { PageResponse.redirect($0) }
            ?? .page(
                Page(
                    "You are signed out",
                    "<p>To be sure on a computer that others use, close the browser.</p>\n<p><a href=\"\(Self.prefix)/login\">Sign in</a></p>"
                ))
        response.endsSession = true
        return response
    }

    /// Where the client wants the browser afterwards; `nil`: nowhere, or not to one of its own redirect URIs.
    private func logoutTarget(_ fields: FormFields, _ hint: IDTokenHint?) async throws -> String? {
        guard let uri = fields["post_logout_redirect_uri"], let id = hint?.client ?? fields["client_id"],
            let client = try await store.client(id), client.allowsRedirect(to: uri, origin: location.origin)
        else { return nil }
        guard let state = fields["state"] else { return uri }
        return uri + (uri.contains("?") ? "&" : "?") + "state=" + percentEncoded(state)
    }
}
