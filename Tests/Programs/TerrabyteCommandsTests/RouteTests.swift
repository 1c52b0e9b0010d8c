import Access
import ArgumentParser
import HTTPEdge
import HTTPTypes
import HummingbirdTesting
import JSON
import Logging
import NIOCore
import STACServer
import ServiceModule
import Telemetry
import TestKit
import Testing

@testable import TerrabyteCommands

/// All routes of all services, as a server has them.
@Suite("Routes") struct RouteTests {
    private static func withComposition(
        _ modules: [ModuleRegistration] = TerrabyteServices.modules, settings: [String: String] = [:],
        _ body: (ModuleComposition, EdgeServer) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { home in
            let options = try CommonOptions.parse(["--home", home.path])
            var configuration = try await options.configuration(
                environment: settings.merging(["TERRABYTE_SERVER_PORT": "0"]) { $1 })
            configuration.edge.metricsNetworks = IPNetworks()
            let edge = EdgeServer(
                configuration: configuration.edge, operatorToken: "secret",
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let composition = try ModuleComposition(
                modules, nil, edge: edge, home: home.path, access: .create, settings: configuration.settings)
            try await body(composition, edge)
            await edge.shutDown()
        }
    }

    /// The rules of every route, for its author to decide; decisions are recorded here.
    private static let scopes = ["anyone", "scope catalogue:write", "scope search:explain", "scope metrics:read"]

    @Test("each say who may use them, what they take, how long they may take, and what they are")
    func rules() async throws {
        try await Self.withComposition { composition, _ in
            let routes = composition.routes.routes
            #expect(routes.count > 40)
            let description = composition.routes.openAPI(title: "T", version: "1", server: "http://h")
            for route in routes {
                let name = "\(route.method) \(route.path)"
                #expect(Self.scopes.contains("\(route.access)"), "\(name)")
                let isWrite =
                    ![.get, .head].contains(route.method) && !route.path.contains("search")
                    && !route.path.contains("aggregate")
                #expect(!isWrite || route.access != .anyone, "\(name): anyone may write")
                #expect(isWrite || route.bodyLimit <= 1 << 20, "\(name)")
                #expect(route.timeout > .zero && route.timeout <= .seconds(3_600), "\(name)")
                #expect(route.crossOrigin == .anyOrigin, "\(name)")
                #expect(!route.operation.summary.isEmpty, "\(name)")
                let described = description["paths"]?[route.path]?[route.method.rawValue.lowercased()]
                #expect(described?["summary"]?.string == route.operation.summary, "\(name) is not described")
                #expect(described?["responses"]?.object?.isEmpty == false, "\(name) has no responses")
                let isSecured = described?["security"] != nil
                #expect(isSecured == (route.access != .anyone) || route.path == "/metrics", "\(name)")
            }
            let identifiers = routes.map { route in
                description["paths"]?[route.path]?[route.method.rawValue.lowercased()]?["operationId"]?.string ?? ""
            }
            #expect(Set(identifiers).count == routes.count)
            Self.checkReferences(description)
        }
    }

    private static func checkReferences(_ document: JSONValue) {
        func visit(_ value: JSONValue) {
            if let target = value["$ref"]?.string {
                let found = target.split(separator: "/").dropFirst().reduce(document as JSONValue?) { $0?[String($1)] }
                #expect(found != nil, "\(target)")
            }
            for member in value.object ?? [:] { visit(member.value) }
            for element in value.array ?? [] { visit(element) }
        }
        visit(document)
    }

    @Test("keep to what they say")
    func behaviour() async throws {
        try await Self.withComposition { composition, edge in
            try await edge.application(composition.routes).test(.live) { client in
                for route in composition.routes.routes {
                    var path = route.path
                    for name in ["collection", "item", "period"] { path.replace("{\(name)}", with: "x") }
                    let name = "\(route.method) \(route.path)"
                    let preflight = try await client.executeRequest(
                        uri: path, method: .options, headers: [:], body: nil)
                    #expect(preflight.status == .noContent, "\(name)")
                    #expect(preflight.headers[.allow]?.contains(route.method.rawValue) == true, "\(name)")
                    let response = try await client.executeRequest(
                        uri: path, method: route.method, headers: [:], body: nil)
                    #expect(response.headers[.accessControlAllowOrigin] == "*", "\(name)")
                    #expect(response.status.code < 500, "\(name)")
                    if route.access == .anyone {
                        #expect(![401, 403].contains(response.status.code), "\(name)")
                    } else {
                        #expect(response.status == .unauthorized, "\(name)")
                        let operators = try await client.executeRequest(
                            uri: path, method: route.method, headers: [.authorization: "Bearer secret"], body: nil)
                        #expect(![401, 403].contains(operators.status.code), "\(name)")
                    }
                }
            }
        }
    }

    @Test("of one module that is there twice do not meet, nor do their metrics")
    func twice() async throws {
        let modules = TerrabyteServices.modules + [ModuleRegistration(STACModule.self, as: "own", isOnByDefault: true)]
        let settings = ["TERRABYTE_OWN_PREFIX": "/own/api", "TERRABYTE_OWN_TITLE": "Our own"]
        try await Self.withComposition(modules, settings: settings) { composition, edge in
            #expect(composition.entryPoints.map(\.path) == ["/public/api", "/own/api"])
            try await edge.application(composition.routes).test(.live) { client in
                for (path, title) in [("/public/api", "terrabyte STAC API"), ("/own/api", "Our own")] {
                    let page = try await client.executeRequest(uri: path, method: .get, headers: [:], body: nil)
                    let json = try JSONValue(parsing: String(buffer: page.body))
                    #expect(json["title"]?.string == title)
                    let links = json["links"]?.array?.compactMap { $0["href"]?.string } ?? []
                    #expect(!links.isEmpty && links.allSatisfy { $0.contains(path) || !$0.contains("/api") })
                    _ = try await client.executeRequest(uri: path + "/search", method: .get, headers: [:], body: nil)
                }
            }
            let text = edge.telemetry.text()
            for api in ["stac", "own"] {
                #expect(text.contains("terrabyte_search_duration_seconds_count{api=\"\(api)\",shape=\"all\"} 1\n"))
            }
            // The catalogue is there once.
            #expect(
                text.split(separator: "\n").filter { $0.hasPrefix("terrabyte_catalogue_items ") } == [
                    "terrabyte_catalogue_items 0"
                ])
            #expect(
                text.contains("\nterrabyte_catalogue_collections 0\n")
                    && text.contains("\nterrabyte_index_lag_changes 0\n"))
        }
    }
}
