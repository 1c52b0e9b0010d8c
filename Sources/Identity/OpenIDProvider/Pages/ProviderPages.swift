import HTTPEdge
import HTTPTypes
import Identity
import IdentityHosting
import NIOCore
import Temporal
import WebAuthn

/// The pages on which people sign in, consent, and manage their account: rendered here, and of use without scripts.
struct ProviderPages: Sendable {
    static let prefix = ProviderLocation.prefix
    /// Largest form, in bytes; that of a passkey's answer, whose parts have limits of their own.
    private static let formByteLimit = 32 << 10
    private static let passkeyByteLimit = 256 << 10

    let store: IdentityStore
    let location: ProviderLocation
    let configuration: PageConfiguration
    /// By which the client's address is found.
    let proxies: IPNetworks
    let failures: FailureLog

    init(store: IdentityStore, location: ProviderLocation, configuration: PageConfiguration, proxies: IPNetworks) {
        self.store = store
        self.location = location
        self.configuration = configuration
        self.proxies = proxies
        failures = FailureLog(store)
    }

    typealias Handler = @Sendable (PageVisit) async throws -> PageResponse

    var layout: PageLayout { PageLayout(title: configuration.title) }
    var cookie: SessionCookie { SessionCookie(origin: location.origin) }

    /// The site for which passkeys are made.
    var relyingParty: RelyingParty {
        let authority = location.origin.drop { $0 != "/" }.dropFirst(2)
        return RelyingParty(
            id: String(authority.prefix { $0 != ":" }), name: configuration.title, origins: [location.origin])
    }

    func addRoutes(to routes: inout RouteGroup) {
        routes.hidesQuery = true
        routes.crossOrigin = .sameOrigin
        addSignInRoutes(to: &routes)
        addAuthorizeRoutes(to: &routes)
        addDeviceRoutes(to: &routes)
        addLogoutRoutes(to: &routes)
        addAccountRoutes(to: &routes)
    }

    // MARK: Routes

    /// A page below the prefix.
    func show(
        _ path: String, _ id: String, _ summary: String, in routes: inout RouteGroup, _ handler: @escaping Handler
    ) {
        routes.get(Self.prefix + path, OpenAPIOperation(id, summary, response: "A page", type: "text/html")) {
            try await respond(to: $0, handler)
        }
    }

    /// A form below the prefix. It is taken from pages of the same session only.
    func take(
        _ path: String, _ id: String, _ summary: String, in routes: inout RouteGroup, ofPasskey: Bool = false,
        _ handler: @escaping Handler
    ) {
        routes.add(
            .post, Self.prefix + path, bodyLimit: ofPasskey ? Self.passkeyByteLimit : Self.formByteLimit,
            OpenAPIOperation(id, summary, response: "A page", type: "text/html"),
            .inline { request in
                try await respond(to: request) { visit in
                    if let fault = FormCheck.fault(visit, origin: location.origin) {
                        return try await refusal(fault, visit)
                    }
                    return try await handler(visit)
                }
            })
    }

    // MARK: Requests

    private func respond(to request: EdgeRequest, _ handler: Handler) async throws -> EdgeResponse {
        let visit = try await visit(request)
        let response: PageResponse
        do { response = try await handler(visit) } catch let detour as PageDetour { response = detour.response }
        return edgeResponse(response, visit)
    }

    private func visit(_ request: EdgeRequest) async throws -> PageVisit {
        let fields = request.head.headerFields
        let query = try FormFields(request.query ?? "")
        let form = request.body.isEmpty ? .none : try FormFields(String(decoding: request.body, as: UTF8.self))
        let sent = cookie.token(in: fields)
        var session: BrowserSession?
        if let sent { session = try await store.session(sent, configuration.sessions) }
        return PageVisit(
            request: request, query: query, form: form, token: sent ?? SessionToken(), isNew: sent == nil,
            session: session,
            client: SessionClient(
                address: proxies.client(fields, peer: request.peer), agent: fields[.userAgent] ?? ""))
    }

    private func edgeResponse(_ response: PageResponse, _ visit: PageVisit) -> EdgeResponse {
        let token = response.token ?? visit.token
        var result: EdgeResponse
        switch response.content {
        case .page(let page): result = layout.response(page, token: token.formToken)
        case .redirect(let target):
            result = EdgeResponse(status: .seeOther, headers: PageLayout.headers)
            result.headers[.location] = target
        case .json(let bytes):
            result = EdgeResponse(status: .ok, headers: PageLayout.headers, body: ByteBuffer(bytes: bytes))
            result.headers[.contentType] = "application/json"
        }
        if response.endsSession {
            result.headers[.setCookie] = cookie.header(nil)
        } else if response.token != nil || (visit.isNew && visit.request.head.method != .post) {
            // Not with forms of other sites, with which browsers send no cookie: it would replace that of the session.
            result.headers[.setCookie] = cookie.header(token)
        }
        return result
    }

    private func refusal(_ fault: FormCheck.Fault, _ visit: PageVisit) async throws -> PageResponse {
        try await failures.record(
            .formRefused, of: String(visit.request.head.path?.prefix { $0 != "?" } ?? ""), "\(fault)",
            by: visit.session?.account ?? "", address: visit.client.address)
        var page: Page
        switch fault {
        case .foreign:
            page = errorPage("Form refused", "This form was sent by another site, and nothing was done.")
        case .noCookie:
            page = errorPage(
                "Cookies are needed",
                "Your browser has sent no cookie, by which the server knows it. Allow cookies for this site and try again."
            )
        case .stale:
            page = errorPage(
                "This page is out of date",
                "You have signed in or out in another window since you opened it. Nothing was done. Start again.")
        }
        page.status = .forbidden
        return .page(page)
    }

    /// For all that must not go on.
    func errorPage(_ title: String, _ sentence: String, status: HTTPResponse.Status = .badRequest) -> Page {
        var page = Page(
            title,
            """
            <p>\(sentence)</p>
            <p><a href="\(Self.prefix)/account">Go to your account</a></p>
            """)
        page.status = status
        page.errors = []
        return page
    }

    // MARK: What pages have in common

    /// A form with all that makes it one of this session.
    ///
    /// - Parameter token: Of the session; `nil`: that of the visit.
    func form(
        _ path: String, _ visit: PageVisit, token: SessionToken? = nil, returning: String? = nil,
        hidden: [(String, String)] = [], attributes: HTML = "", _ content: HTML
    ) -> HTML {
        let token = token ?? visit.token
        var fields: HTML = "<input type=\"hidden\" name=\"csrf\" value=\"\(token.formToken)\">\n"
        if let path = returning ?? visit.returnPath {
            fields += "<input type=\"hidden\" name=\"return\" value=\"\(ReturnPath.signed(path, token))\">\n"
        }
        for (name, value) in hidden { fields += "<input type=\"hidden\" name=\"\(name)\" value=\"\(value)\">\n" }
        return """
            <form method="post" action="\(Self.prefix)\(path)"\(attributes)>
            \(fields)\(content)</form>

            """
    }

    /// A form that a passkey answers; hidden where there is no script.
    func passkeyForm(
        _ path: String, _ visit: PageVisit, _ purpose: ChallengePurpose, returning: String? = nil, _ content: HTML
    ) -> HTML {
        let attributes: HTML = """
             data-passkey="\(purpose.rawValue)" data-options="\(Self.prefix)/passkeys/options" hidden
            """
        return form(
            path, visit, returning: returning, hidden: [("response", "")], attributes: attributes,
            "\(content)<p class=\"hint\" role=\"status\"></p>\n")
    }

    /// The path of a page that returns to another one.
    func path(_ path: String, returning target: String?, _ token: SessionToken) -> String {
        guard let target else { return Self.prefix + path }
        return Self.prefix + path + (path.contains("?") ? "&" : "?") + "return="
            + percentEncoded(ReturnPath.signed(target, token))
    }
}
