import HTTPEdge
import HTTPTypes
import Identity
import IdentityHosting
import Temporal

/// The browser's part of the authorization code grant.
///
/// Source: [OpenID Connect Core, section 3.1.2](https://openid.net/specs/openid-connect-core-1_0.html#AuthorizationEndpoint).
extension ProviderPages {
    private static let authorizePath = prefix + "/authorize"
    /// How old a sign-in may be that counts as one for this request, in seconds.
    private static let attendedSeconds: Int64 = 60

    func addAuthorizeRoutes(to routes: inout RouteGroup) {
        show("/authorize", "getAuthorize", "Authorize a program", in: &routes) { visit in
            try await authorize(visit, visit.request.query ?? "")
        }
        // Browsers send no cookie with forms of other sites: the same request is made by GET, with it.
        routes.add(
            .post, Self.authorizePath, bodyLimit: 16 << 10,
            OpenAPIOperation("postAuthorize", "Authorize a program", response: "A page", type: "text/html"),
            .inline { request in
                var response = EdgeResponse(status: .seeOther, headers: PageLayout.headers)
                let query = String(decoding: request.body, as: UTF8.self)
                let isQuery = query.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "#") }
                response.headers[.location] = Self.authorizePath + "?" + (isQuery ? query : "")
                return response
            })
        take("/authorize/decision", "postAuthorizeDecision", "Consent or refuse", in: &routes) { visit in
            let query = visit.form.text("request")
            return try await withRequest(query, visit) { request in
                let signedIn = try await signedIn(visit, returning: Self.authorizePath + "?" + query)
                guard visit.form["decision"] == "approve" else { return .redirect(request.denialURL) }
                return try await code(request, signedIn)
            }
        }
    }

    private func withRequest(
        _ query: String, _ visit: PageVisit, _ body: (AuthorizationRequest) async throws -> PageResponse
    ) async throws -> PageResponse {
        switch try await AuthorizationRequest.read(query, store, location) {
        case .valid(let request): return try await body(request)
        case .redirect(let url): return .redirect(url)
        case .unredirectable(let error):
            let client = (try? FormFields(query))?["client_id"] ?? ""
            try await failures.record(
                .authorizationRefused, of: client, error.description, address: visit.client.address)
            return .page(errorPage("The program's request cannot be used", error.description, status: error.status))
        }
    }

    private func authorize(_ visit: PageVisit, _ query: String) async throws -> PageResponse {
        try await withRequest(query, visit) { request in
            let mustBeSilent = request.prompts.contains(.none)
            let person: SignedIn
            do {
                person = try await signedIn(visit, request, query)
            } catch is PageDetour where mustBeSilent {
                return .redirect(request.errorURL("login_required", "The user has to sign in, or to accept terms."))
            }
            guard try await needsConsent(request, person) else { return try await code(request, person) }
            if mustBeSilent { return .redirect(request.errorURL("consent_required", "The user has to consent.")) }
            return consentPage(visit, request, person, query)
        }
    }

    /// Who is signed in, as lately as the request wants it.
    private func signedIn(
        _ visit: PageVisit, _ request: AuthorizationRequest, _ query: String
    ) async throws -> SignedIn {
        let now = try await store.now().microseconds / 1_000_000
        let needsSignIn = !request.prompts.isDisjoint(with: [.login, .selectAccount])
        let resumed = Self.authorizePath + "?" + Self.resumed(query, request, needsSignIn, now: now)
        let signedIn = try await signedIn(visit, returning: resumed)
        let time = signedIn.time.microseconds / 1_000_000
        let earliest = max(
            visit.query["auth_after"].flatMap { Int64($0) } ?? .min, request.maximumAge.map { now - $0 } ?? .min)
        // A maximal age of 0 is one of this very sign-in.
        guard !needsSignIn, time >= earliest else { throw signInAgain(visit, returning: resumed) }
        return signedIn
    }

    /// The query of the same request after a sign-in that it has asked for: only one from now on will do.
    ///
    /// Whoever changes the time in the address has a sign-in that is as old as `auth_time` tells the client.
    private static func resumed(
        _ query: String, _ request: AuthorizationRequest, _ needsSignIn: Bool, now: Int64
    ) -> String {
        guard needsSignIn || request.maximumAge != nil else { return query }
        let kept = query.split(separator: "&").filter { pair in
            !["prompt", "max_age", "auth_after"].contains(pair.prefix { $0 != "=" })
        }
        let consent = request.prompts.contains(.consent) ? ["prompt=consent"] : []
        return (kept.map(String.init) + consent + ["auth_after=\(now)"]).joined(separator: "&")
    }

    // MARK: Consent

    /// Programs of others ask once. Those on somebody's own machine ask unless somebody has just signed in, since any program
    /// there may pretend to be one of them.
    ///
    /// Source: [RFC 8252, section 8.6](https://www.rfc-editor.org/rfc/rfc8252#section-8.6).
    private func needsConsent(_ request: AuthorizationRequest, _ signedIn: SignedIn) async throws -> Bool {
        if request.prompts.contains(.consent) { return true }
        if !request.client.isFirstParty {
            let hasConsent = try await store.grants(of: signedIn.account.name).contains { grant in
                grant.client == request.client.id && grant.scopes.isSuperset(of: request.code.scopes)
            }
            guard hasConsent else { return true }
        }
        let target = request.code.redirectURI
        let canBePretended =
            request.client.kind == .public && !target.hasPrefix("https://") && !target.hasPrefix(location.origin + "/")
        let age = try await store.now().microseconds - signedIn.time.microseconds
        return canBePretended && age > Self.attendedSeconds * 1_000_000
    }

    private func consentPage(
        _ visit: PageVisit, _ request: AuthorizationRequest, _ signedIn: SignedIn, _ query: String
    ) -> PageResponse {
        let rights = ScopeText.sentences(request.code.scopes, for: signedIn.account).map { "<li>\($0)</li>\n" as HTML }
        let target = ReturnPath.formTarget(request.code.redirectURI)
        let warning: HTML = HTML.when(
            !request.client.isFirstParty,
            "<p class=\"soft\">It is not a program of the platform itself. Approve only if you trust it.</p>\n")
        var page = Page(
            "Give access?",
            """
            <p><strong>\(request.client.title)</strong> wants to act for you, <strong>\(signedIn.account.name)</strong>.</p>
            <h2>It will be able to</h2>
            <ul>
            \(rights)</ul>
            <p class="soft">Afterwards you go on to \(target ?? request.code.redirectURI).</p>
            \(warning)\(form("/authorize/decision", visit, hidden: [("request", query)], """
                <div class="actions">
                <button name="decision" value="approve">Approve</button>
                <button class="secondary" name="decision" value="deny">Deny</button>
                </div>

                """))
            """)
        page.formTargets = target.map { [$0] } ?? []
        page.account = signedIn.account.name
        return .page(page)
    }

    private func code(_ request: AuthorizationRequest, _ signedIn: SignedIn) async throws -> PageResponse {
        let code = try await store.makeAuthorizationCode(
            for: request.code,
            Identity.Authentication(
                signedIn.account.name, methods: signedIn.session.authenticationMethods, at: signedIn.time))
        return .redirect(request.successURL(code: code))
    }
}
