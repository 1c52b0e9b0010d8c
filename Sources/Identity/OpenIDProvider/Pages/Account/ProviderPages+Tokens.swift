import Access
import HTTPEdge
import Identity
import Temporal

extension ProviderPages {
    /// The most that an account may make here.
    private static let countLimit = 100
    /// The longest that a token made here lives, in days.
    private static let longestDays: Int64 = 366

    /// What a token of an account may do at most.
    private static func scopes(of account: Account) -> [Scope] {
        ScopeText.resources.map(\.scope).filter { ScopeText.isUsable($0, by: account) }
    }

    func tokenSection(
        _ visit: PageVisit, _ account: Account, _ errors: [PageError], _ newToken: String?
    ) async throws -> HTML {
        let now = try await store.now()
        let tokens = try await store.tokens(of: account.name).filter { token in
            token.revocation == nil && token.end.map { $0 > now } ?? true
        }
        let rows = tokens.map { token -> HTML in
            let use: HTML = token.lastUse.map { "last used \(PageText.time($0))" } ?? "not used yet"
            let end: HTML = token.end.map { "until \(PageText.date($0))" } ?? "without an end"
            return """
                <li><div><strong>\(token.label)</strong>
                <p class="soft">\(Scope.text(token.scopes)); \(end), \(use)</p></div>
                \(button("/account/tokens/revoke", "Revoke", token.label, visit, id: token.id, isDanger: true))</li>

                """
        }
        let shown: HTML =
            newToken.map {
                "<p class=\"notice\" role=\"status\">This is your new token. It is shown only now: copy it.</p>\n<p class=\"secret\">\($0)</p>\n"
            } ?? ""
        let boxes = Self.scopes(of: account).map { scope -> HTML in
            FormField.checkbox(
                "scope-\(scope)", "\(ScopeText.sentence(scope)) <span class=\"soft tag\">\(scope.rawValue)</span>",
                isTicked: visit.form.isTicked("scope-\(scope)"))
        }
        let isOpen = errors.contains { ["token-label", "token-end", "token-scopes"].contains($0.field) }
        return """
            <section class="card" aria-labelledby="tokens">
            <h2 id="tokens">API tokens</h2>
            \(shown)\(HTML.when(
                rows.isEmpty, "<p class=\"soft\">For programs that cannot open a browser, such as jobs.</p>\n",
                else: "<ul class=\"rows\">\n\(rows)</ul>\n"))\
            <details\(isOpen ? " open" : "")>
            <summary>Make a token</summary>
            \(form("/account/tokens", visit, """
                \(labelField(visit).html(errors))\
                <fieldset id="token-scopes" tabindex="-1">
                <legend>It may</legend>
                \(boxes)</fieldset>
                \(endField(visit, now).html(errors))\
                <button>Make the token</button>

                """))
            </details>
            </section>

            """
    }

    private func labelField(_ visit: PageVisit) -> FormField {
        var field = FormField("token-label", "What it is for")
        (field.value, field.maximumLength) = (visit.form.text("token-label"), 100)
        return field
    }

    private func endField(_ visit: PageVisit, _ now: Timestamp) -> FormField {
        var field = FormField("token-end", "Last day")
        field.type = "date"
        field.hint = "At most a year from now."
        field.value = visit.form["token-end"] ?? String(now.adding(days: 90).description.prefix(10))
        return field
    }

    func makeToken(_ visit: PageVisit) async throws -> PageResponse {
        let account = try await recentlySignedIn(visit, returning: Self.prefix + "/account").account
        let now = try await store.now()
        var errors: [PageError] = []
        let label = visit.form.text("token-label")
        if label.isEmpty || label.utf8.count > 200 || label.unicodeScalars.contains(where: { $0.value < 0x20 }) {
            errors.append(PageError("token-label", "Say what the token is for, with at most 200 bytes."))
        }
        let scopes = Set(Self.scopes(of: account).filter { visit.form.isTicked("scope-\($0)") })
        if scopes.isEmpty { errors.append(PageError("token-scopes", "Choose what the token may do.")) }
        // The last day is included.
        let end = Timestamp(visit.form.text("token-end") + "T00:00:00Z")?.adding(days: 1)
        if end.map({ $0 <= now || $0 > now.adding(days: Self.longestDays + 1) }) ?? true {
            errors.append(PageError("token-end", "Choose a day from today to a year from now."))
        }
        let known = try await store.tokens(of: account.name).filter {
            $0.revocation == nil && $0.end.map { $0 > now } ?? true
        }
        if known.count >= Self.countLimit {
            errors.append(PageError("token-label", "You have \(Self.countLimit) tokens, the most; revoke some first."))
        }
        guard errors.isEmpty, let end else { return try await accountPage(visit, errors: errors) }
        let token = try await store.makeToken(
            for: account.name, label: label, scopes: scopes, end: end, by: visit.actor(account.name))
        return try await accountPage(visit, newToken: token)
    }
}

extension Timestamp {
    fileprivate func adding(days: Int64) -> Timestamp {
        Timestamp(microseconds: microseconds + days * 86_400_000_000)
    }
}
