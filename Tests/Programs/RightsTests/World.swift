import Access
import Catalogue
import CatalogueSQLite
import Foundation
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import InMemoryLogging
import JOSE
import JSON
import Logging
import NIOCore
import SQLDatabase
import ServiceModule
import Temporal
import TerrabyteCommands
import TestKit

@testable import Identity

/// The platform with all its services, as one server has it, over SQLite files of its own: with people, containers and
/// Collections.
struct World: Sendable {
    static let origin = "https://eo.example.org"
    static let operatorToken = "correct horse"

    let client: any TestClientProtocol
    let composition: ModuleComposition
    let catalogue: CatalogueEngine
    let store: IdentityStore
    let log: InMemoryLogHandler
    private let tokens: [Person: String]

    /// - Parameter hasHidden: Whether there are Collections that none of the people may see.
    static func run(hasHidden: Bool = true, _ body: @Sendable (World) async throws -> Void) async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let home = directory.path
        _ = try CatalogueEngine(home: home)
        let configuration = try await ConfigurationSources(home: home).configuration(
            environment: [
                "TERRABYTE_SERVER_PUBLIC_URL": origin, "TERRABYTE_OPERATOR_TOKEN": operatorToken,
            ])
        let log = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in log }
        logger.logLevel = .info
        let edge = EdgeServer(
            configuration: configuration.edge, operatorToken: configuration.operatorToken, logger: logger)
        let composition = try ModuleComposition(
            TerrabyteServices.modules, TerrabyteServices.modules.map(\.name).filter { $0 != "export" }, edge: edge,
            home: home, access: .existing, settings: configuration.settings)
        guard let store = composition.capability(IdentityStore.self),
            let catalogue = composition.capability(CatalogueEngine.self),
            let database = composition.capability(Database.self)
        else { throw MissingCapability() }
        defer { database.close() }
        try await store.migrate()
        // The server's own keys would take long to make.
        var keys = store
        keys.rsaBits = 2_048
        _ = try await keys.publicKeys()
        var tokens: [Person: String] = [.operator: operatorToken]
        for person in Person.allCases { tokens[person] = try await person.enter(store, database) ?? tokens[person] }
        try Catalogues.fill(catalogue, hasHidden: hasHidden)
        let known = tokens
        try await composition.edge.application(composition.routes).test(.router) { client in
            try await body(
                World(
                    client: client, composition: composition, catalogue: catalogue, store: store, log: log,
                    tokens: known))
        }
        await composition.edge.shutDown()
    }

    struct MissingCapability: Error {}

    func headers(of person: Person) -> HTTPFields {
        tokens[person].map { [.authorization: "Bearer \($0)"] } ?? [:]
    }

    /// - Parameter path: Whole.
    func send(
        _ method: HTTPRequest.Method, _ path: String, as person: Person, _ body: JSONValue? = nil,
        headers: HTTPFields = [:]
    ) async throws -> TestResponse {
        var all = self.headers(of: person)
        for field in headers { all.append(field) }
        return try await client.executeRequest(
            uri: path, method: method, headers: all, body: body.map { ByteBuffer(bytes: $0.serialized()) })
    }
}

extension TestResponse {
    var text: String { String(buffer: body) }
    var json: JSONValue { (try? JSONValue(parsing: Array(body.readableBytesView))) ?? .null }
}
