import Access
import DatabaseTestKit
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Identity
import IdentityHosting
import IdentityServer
import JSON
import Logging
import NIOCore
import SQLDatabase

/// The API over a database of its own, with the accounts ada (administrator), mia (manager of c1), rob (reader of c1) and
/// uma (none).
struct TestAdministration {
    let store: IdentityStore
    let client: any TestClientProtocol

    static func run(
        _ kind: DatabaseKind, configuration: AdministrationServer.Configuration = .init(),
        _ body: @escaping @Sendable (TestAdministration) async throws -> Void
    ) async throws {
        try await withDatabase(kind) { database in
            let cost = PasswordCost(memoryKibibytes: 8, passCount: 1, laneCount: 1)
            let store = IdentityStore(database, passwords: try PasswordHasher(cost))
            try await store.migrate()
            var ada = AccountDraft("ada")
            ada.roles = [.administrator]
            try await store.addAccount(ada, by: .operator)
            for name in ["mia", "rob", "uma"] { try await store.addAccount(AccountDraft(name), by: .operator) }
            try await store.addContainer("c1", title: "Fields", path: "/dss/c1", by: .operator)
            try await store.setMember("mia", of: "c1", .manager, by: .operator)
            try await store.setMember("rob", of: "c1", .ro, by: .operator)

            var edge = EdgeServer(
                configuration: EdgeConfiguration(), operatorToken: "correct horse",
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            edge.authenticators.append(NamedAuthenticator(store: store))
            let server = AdministrationServer(
                store, edge: edge, location: ProviderLocation(publicURL: "https://terrabyte.test"), mail: nil,
                configuration: configuration)
            var routes = RouteGroup("administration", timeout: .seconds(30))
            server.addRoutes(to: &routes)
            var table = RouteTable()
            try table.add(routes)
            try await edge.application(table).test(.router) {
                try await body(TestAdministration(store: store, client: $0))
            }
            await edge.shutDown()
        }
    }

    struct Response {
        let status: Int
        let headers: HTTPFields
        let json: JSONValue

        var code: String? { json["code"]?.string }
        var detail: String { json["detail"]?.string ?? "" }
    }

    /// - Parameter name: The account that asks; `nil`: nobody.
    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: JSONValue? = nil, as name: String?
    ) async throws -> Response {
        let response = try await client.executeRequest(
            uri: path, method: method, headers: name.map { [.authorization: "Bearer \($0)"] } ?? [:],
            body: body.map { ByteBuffer(bytes: $0.serialized()) })
        return Response(
            status: response.status.code, headers: response.headers,
            json: (try? JSONValue(parsing: Array(response.body.readableBytesView))) ?? .null)
    }
}

/// Believes what a request says its sender is.
private struct NamedAuthenticator: Authenticator {
    let store: IdentityStore

    func principal(of request: HTTPRequest, peer: SocketAddress?) async throws -> Principal? {
        guard let name = request.headerFields[.authorization]?.dropFirst("Bearer ".count),
            let account = try await store.account(String(name))
        else { return nil }
        let rights = try await store.rights(of: account.name)
        return Principal(
            .user, name: account.name, groups: rights.groups,
            scopes: account.roles.contains(.administrator) ? [.administration] : [], readableOwners: rights.readable,
            writableOwners: rights.writable)
    }
}
