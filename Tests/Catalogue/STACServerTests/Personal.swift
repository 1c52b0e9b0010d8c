import Access
import HTTPEdge
import HTTPTypes
import JSON
import NIOCore

@testable import STACServer

/// People by their names, as `Authorization: Bearer NAME`.
struct Personal: Authenticator {
    static let container = "pn56su-dss-0001"

    var quotas: [String: Quota] = [:]

    func principal(of request: HTTPRequest, peer: SocketAddress?) -> Principal? {
        guard let name = request.headerFields[.authorization].map({ String($0.dropFirst("Bearer ".count)) }),
            name != TestAPI.token
        else { return nil }
        let scopes: Set<Scope> = [.readCollections, .writeCollections]
        return switch name {
        case "rosa":
            Principal(
                .user, name: name, scopes: scopes, readableOwners: [Self.container], writableOwners: [name],
                quotas: quotas)
        case "willi":
            Principal(.user, name: name, scopes: scopes, writableOwners: [name, Self.container], quotas: quotas)
        case "narrow": Principal(.user, name: name, scopes: [.readCollections], writableOwners: [name])
        default: Principal(.user, name: name, scopes: scopes, writableOwners: [name], quotas: quotas)
        }
    }

    /// Runs `body` with an API of people's own Collections, at the prefix of the tests.
    static func run(
        quotas: [String: Quota] = [:], _ change: (inout STACServer.Configuration) -> Void = { _ in },
        _ body: @escaping @Sendable (TestAPI) async throws -> Void
    ) async throws {
        var configuration = STACServer.Configuration.personal
        configuration.prefix = TestAPI.prefix
        change(&configuration)
        try await TestAPI.run(configuration: configuration, authenticator: Personal(quotas: quotas), body)
    }
}

extension TestAPI {
    func send(
        _ method: HTTPRequest.Method, _ path: String, as name: String, _ body: JSONValue? = nil,
        headers: HTTPFields = [:]
    ) async throws -> Response {
        var headers = headers
        headers[.authorization] = "Bearer \(name)"
        return try await send(method, path, body, headers: headers)
    }

    /// A Collection of somebody with that many Items.
    func make(_ id: String, as name: String, items: Int = 0) async throws {
        _ = try await send(.post, "/collections", as: name, Self.collection(id))
        for number in 0..<items {
            _ = try await send(.post, "/collections/\(id)/items", as: name, Self.item(number, collection: id))
        }
    }
}
