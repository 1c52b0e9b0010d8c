import Access
import HTTPEdge
import Identity
import Temporal

extension ProviderPages {
    /// Programs that have tokens.
    func programSection(_ visit: PageVisit, _ account: Account) async throws -> HTML {
        var rows: [HTML] = []
        for grant in try await store.grants(of: account.name) {
            let title = try await store.client(grant.client)?.title ?? grant.client
            rows.append(
                """
                <li><div><strong>\(title)</strong>
                <p class="soft">Since \(PageText.time(grant.creation)), last used \(PageText.time(grant.lastUse))</p></div>
                \(button("/account/programs/revoke", "Sign out", title, visit, id: grant.id, isDanger: true))</li>

                """)
        }
        return """
            <section class="card" aria-labelledby="programs">
            <h2 id="programs">Programs that act for you</h2>
            \(HTML.when(
                rows.isEmpty, "<p class=\"soft\">No program is signed in.</p>\n",
                else: "<ul class=\"rows\">\n\(rows)</ul>\n"))\
            </section>

            """
    }

    func sessionSection(_ visit: PageVisit, _ signedIn: SignedIn) async throws -> HTML {
        let rows = try await store.sessions(of: signedIn.account.name).map { session -> HTML in
            let isThis = session.id == signedIn.session.id
            let name = PageText.browser(session.client.agent)
            let address: HTML = session.client.address.map { "\($0), " } ?? ""
            return """
                <li><div><strong>\(name)</strong>\(HTML.when(isThis, "<span class=\"badge\">this browser</span>"))
                <p class="soft">\(address)since \(PageText.time(session.creation))</p></div>
                \(isThis ? "" : button("/account/sessions/end", "Sign out", name, visit, id: session.id, isDanger: true))</li>

                """
        }
        return """
            <section class="card" aria-labelledby="browsers">
            <h2 id="browsers">Browsers</h2>
            <ul class="rows">
            \(rows)</ul>
            </section>

            """
    }
}
