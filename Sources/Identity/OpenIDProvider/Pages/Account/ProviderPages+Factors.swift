import HTTPEdge
import Identity
import WebAuthn

extension ProviderPages {
    func factorSection(_ visit: PageVisit, _ account: Account) async throws -> HTML {
        let passkeys = try await store.passkeys(of: account.name)
        let hasTOTP = try await store.hasTOTP(account.name)
        let codeCount = try await store.recoveryCodeCount(of: account.name)
        var rows: [HTML] = []
        if hasTOTP {
            rows.append(
                """
                <li><div><strong>Authenticator app</strong></div>
                <div class="actions"><a class="button quiet" href="\(Self.prefix)/enrolment">Replace<span class="away"> the authenticator app</span></a>
                \(passkeys.isEmpty
                    ? "" : button("/account/totp/remove", "Remove", "the authenticator app", visit, isDanger: true))</div></li>

                """)
        }
        rows += passkeys.map { row(of: $0, isOnly: passkeys.count == 1 && !hasTOTP, visit) }
        rows.append(
            """
            <li><div><strong>Recovery codes</strong><p class="soft">\(codeCount) left</p></div>
            \(button("/account/recovery-codes", "Make new ones", "", visit))</li>

            """)
        return """
            <section class="card" aria-labelledby="factors">
            <h2 id="factors">Second factors</h2>
            <ul class="rows">
            \(rows)</ul>
            <p><a class="button secondary" href="\(Self.prefix)/enrolment">\
            \(hasTOTP ? "Add a passkey" : "Add an app or a passkey")</a></p>
            </section>

            """
    }

    private func row(of passkey: Passkey, isOnly: Bool, _ visit: PageVisit) -> HTML {
        let use: HTML = passkey.lastUse.map { "last used \(PageText.date($0))" } ?? "not used yet"
        let synced: HTML = passkey.credential.isBackedUp ? "<span class=\"badge\">synced</span>" : ""
        return """
            <li><div><strong>\(passkey.label)</strong>\(synced)
            <p class="soft">Passkey, added \(PageText.date(passkey.creation)), \(use)</p>
            <details>
            <summary>Rename<span class="away"> \(passkey.label)</span></summary>
            \(form("/account/passkeys/rename", visit, hidden: [("id", String(passkey.id))], """
                <div class="field">
                <label for="label-\(Int(passkey.id))">New name</label>
                <input id="label-\(Int(passkey.id))" name="label" type="text" autocomplete="off" maxlength="100" required \
                value="\(passkey.label)">
                </div>
                <button class="quiet">Rename</button>

                """))
            </details></div>
            \(isOnly ? "" : button("/account/passkeys/remove", "Remove", passkey.label, visit, id: passkey.id, isDanger: true))</li>

            """
    }

    /// A form of one button.
    ///
    /// - Parameter subject: Of what, for those who do not see what it stands beside.
    func button(
        _ path: String, _ label: String, _ subject: String, _ visit: PageVisit, id: Int64? = nil, isDanger: Bool = false
    ) -> HTML {
        let away: HTML = subject.isEmpty ? "" : "<span class=\"away\"> \(subject)</span>"
        return form(
            path, visit, hidden: id.map { [("id", String($0))] } ?? [], attributes: " class=\"inline\"",
            "<button class=\"quiet\(isDanger ? " danger" : "")\">\(label)\(away)</button>\n")
    }

    func makeRecoveryCodes(_ visit: PageVisit) async throws -> PageResponse {
        let name = try await recentlySignedIn(visit, returning: Self.prefix + "/account").account.name
        let codes = try await store.makeRecoveryCodes(of: name, by: visit.actor(name))
        guard let token = try await store.renewSession(visit.token) else {
            throw PageDetour(response: .redirect(path("/login", returning: nil, visit.token)))
        }
        return recoveryCodesPage(visit, name, codes, token: token)
    }
}
