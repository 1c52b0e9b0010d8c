import DatabaseTestKit
import HTTPEdge
import HTTPTypes
import Logging
import NIOCore
import SQLDatabase
import Temporal
import Testing

@testable import Identity
@testable import IdentityHosting
@testable import OpenIDProvider
@testable import ServiceModule

/// A browser that calls the handlers of pages: it keeps the cookie, and sends forms as they are on the page.
final class TestBrowser {
    let routes: RouteGroup
    var cookie: String?
    /// What a browser says about where a form comes from.
    var headers: HTTPFields = [.init("Sec-Fetch-Site")!: "same-origin", .userAgent: "Firefox/140.0 (X11; Linux)"]

    init(_ pages: ProviderPages) {
        var routes = RouteGroup("auth", timeout: .seconds(60))
        pages.addRoutes(to: &routes)
        self.routes = routes
    }

    /// The token of the cookie.
    var token: SessionToken? { cookie.flatMap { SessionToken(String($0.drop { $0 != "=" }.dropFirst())) } }

    func open(_ path: String) async throws -> TestPage { try await request(.get, path, "") }

    /// Goes on as redirects say.
    func follow(_ path: String) async throws -> TestPage {
        var page = try await open(path)
        while let location = page.location, location.hasPrefix("/") { page = try await open(location) }
        return page
    }

    /// Sends the form of a page with this action, its hidden fields and others, and goes on as redirects say.
    @discardableResult
    func submit(_ page: TestPage, _ action: String, _ fields: [String: String] = [:]) async throws -> TestPage {
        let page = try await send(page, action, fields)
        guard let location = page.location, location.hasPrefix("/") else { return page }
        return try await follow(location)
    }

    /// As `submit`, without going on.
    func send(_ page: TestPage, _ action: String, _ fields: [String: String] = [:]) async throws -> TestPage {
        var values = try #require(page.form(action), "the page \(page.title) has no form \(action)")
        for (name, value) in fields { values[name] = value }
        return try await post(action, values)
    }

    func post(_ path: String, _ fields: [String: String]) async throws -> TestPage {
        let body = fields.map { "\($0)=\(percentEncoded($1))" }.joined(separator: "&")
        return try await request(.post, path, body)
    }

    private func request(_ method: HTTPRequest.Method, _ target: String, _ body: String) async throws -> TestPage {
        let path = String(target.prefix { $0 != "?" })
        let route = try #require(routes.routes.first { $0.method == method && $0.path == path }, "no route \(path)")
        guard case .inline(let handler) = route.handler else { throw TestFault() }
        var head = HTTPRequest(method: method, scheme: nil, authority: nil, path: target)
        head.headerFields = headers
        if let cookie { head.headerFields[.cookie] = "other=1; \(cookie)" }
        let response = try await handler(
            EdgeRequest(head, peer: try SocketAddress(ipAddress: "192.0.2.9", port: 1), body: Array(body.utf8)))
        if let set = response.headers[.setCookie] {
            cookie = set.contains("Max-Age=0") ? nil : String(set.prefix { $0 != ";" })
        }
        return TestPage(path: target, response: response)
    }

    // MARK: Frequent ways

    /// Signs in with a second factor that the account has.
    func signIn(_ name: String, _ totp: TestTOTP) async throws -> TestPage {
        let page = try await submit(
            try await follow("/auth/login"), "/auth/login", ["username": name, "password": "correct horse"])
        return try await submit(page, "/auth/login/factor", ["code": try await totp.next()])
    }
}

struct TestFault: Error {}

/// A response as a person sees it.
struct TestPage {
    let path: String
    let response: EdgeResponse
    let text: String

    init(path: String, response: EdgeResponse) {
        self.path = path
        self.response = response
        text = String(buffer: response.body)
    }

    var status: Int { response.status.code }
    var location: String? { response.status == .seeOther ? response.headers[.location] : nil }
    var title: String { between("<title>", "</title>") ?? "" }
    /// Of the summary.
    var errors: [String] {
        let summary = between("<div class=\"summary\"", "</div>") ?? ""
        return summary.split(separator: "<li>").dropFirst().map { item in
            Self.plain(String(item.prefix { $0 != "\n" }))
        }
    }

    func between(_ start: String, _ end: String) -> String? {
        guard let begin = text.range(of: start), let close = text[begin.upperBound...].range(of: end) else {
            return nil
        }
        return String(text[begin.upperBound..<close.lowerBound])
    }

    /// The hidden fields of a form.
    func form(_ action: String) -> [String: String]? {
        guard let form = between("action=\"\(action)\"", "</form>") else { return nil }
        var values: [String: String] = [:]
        for input in form.split(separator: "<input type=\"hidden\" name=\"").dropFirst() {
            let parts = input.split(separator: "\"", maxSplits: 3, omittingEmptySubsequences: false)
            values[String(parts[0])] = Self.plain(String(parts[2]))
        }
        return values
    }

    private static func plain(_ html: String) -> String {
        var text = html.replacing(/<[^>]*>/, with: "")
        for (entity, character) in [("&quot;", "\""), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")] {
            text = text.replacing(entity, with: character)
        }
        return text
    }
}

extension String {
    func range(of text: String) -> Range<String.Index>? { self[...].range(of: text) }
}

extension Substring {
    func range(of text: String) -> Range<String.Index>? { ranges(of: text).first }
}

/// A telephone.
final class TestTOTP {
    private let totp: TOTP
    private let store: IdentityStore
    private(set) var lastCode = ""

    init(_ totp: TOTP, _ store: IdentityStore) {
        (self.totp, self.store) = (totp, store)
    }

    /// A code that is accepted, as if a step had gone by since the last one.
    func next() async throws -> String {
        try await store.database.write { _ = try $0.execute("UPDATE identity_totp SET last_step = 0") }
        lastCode = totp.code(step: TOTP.step(at: try await store.now().microseconds / 1_000_000))
        return lastCode
    }
}

/// What tests of pages need: a store with the accounts ada and bob, who have passwords.
struct PageFixture {
    let store: IdentityStore
    let pages: ProviderPages

    static let origin = "https://platform.example"

    static func with(
        _ kind: DatabaseKind = .sqlite, terms: PageConfiguration.Terms? = nil,
        _ body: (PageFixture) async throws -> Void
    ) async throws {
        try await withDatabase(kind) { database in
            let cost = PasswordCost(memoryKibibytes: 8, passCount: 1, laneCount: 1)
            let store = IdentityStore(database, passwords: try PasswordHasher(cost))
            try await store.migrate()
            for name in ["ada", "bob"] {
                try await store.addAccount(AccountDraft(name), password: "correct horse", by: .operator)
            }
            var edge = EdgeConfiguration()
            edge.publicURL = origin
            var configuration = PageConfiguration()
            configuration.terms = terms
            let pages = ProviderPages(
                store: store, location: ProviderLocation(edge, RunningServer(serviceNames: [])),
                configuration: configuration, proxies: IPNetworks())
            try await body(PageFixture(store: store, pages: pages))
        }
    }

    func browser() -> TestBrowser { TestBrowser(pages) }

    /// Gives an account a telephone.
    func enrol(_ name: String) async throws -> TestTOTP {
        let totp = try await store.beginTOTP(of: name)
        let step = TOTP.step(at: try await store.now().microseconds / 1_000_000)
        _ = try await store.confirmTOTP(totp.code(step: step), of: name, by: .operator)
        return TestTOTP(totp, store)
    }

    /// As if all attempts had been made in the future.
    func lock(_ name: String) async throws {
        for _ in 0..<6 { _ = try await store.checkPassword("wrong horse", of: name, address: nil) }
        try await store.database.write { transaction in
            let end = try transaction.currentTime().microseconds + 300_000_000
            _ = try transaction.execute("UPDATE identity_attempts SET locked_until = ? WHERE name = ?", end, name)
        }
    }
}
