import Catalogue
import CatalogueSQLite
import Foundation
import HTTPEdge
import HTTPTypes
import Hummingbird
import JSON
import Logging
import TestKit
import Testing

@testable import STACServer

/// Whether the OpenAPI document and the page for people match the router.
@Suite("Description") struct DescriptionTests {
    @Test("has the paths of the router, and their methods, no more and no fewer")
    func routes() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let edge = EdgeServer(
            configuration: EdgeConfiguration(), operatorToken: nil,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        var routes = RouteGroup("stac", timeout: .seconds(60))
        STACServer(try CatalogueEngine(home: directory.path), edge: edge).addRoutes(to: &routes)
        let routed = Set(routes.routes.map(\.path))
        await edge.shutDown()

        try await TestAPI.run { api in
            let paths = try #require(try await api.get("/api").json["paths"]?.object)
            let described = paths.names.map { TestAPI.prefix + $0 }
            #expect(Set(described) == routed)
            for path in paths {
                let response = try await api.send(.options, path.name)
                let allowed = response.headers[.allow]?.split(separator: ", ").map { $0.lowercased() } ?? []
                let methods = try #require(path.value.object?.names)
                let implied = methods.contains("get") ? ["head", "options"] : ["options"]
                #expect(Set(allowed) == Set(methods + implied), "\(path.name)")
                for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"]
                where !methods.contains(method.lowercased()) {
                    let rejected = try await api.send(try #require(HTTPRequest.Method(method)), path.name)
                    #expect(rejected.status == 405, "\(method) \(path.name)")
                }
            }
        }
    }

    private static let document = OpenAPIDocument(
        STACServer.Configuration(), APIOperation.all(STACServer.Configuration())
    ).json("http://h/public/api")

    @Test("refers to what is there, and has nothing that nobody refers to")
    func references() throws {
        var references: Set<String> = []
        func collect(_ value: JSONValue) {
            if let reference = value["$ref"]?.string { references.insert(reference) }
            value.object?.forEach { collect($0.value) }
            value.array?.forEach(collect)
        }
        collect(Self.document)
        for reference in references {
            let path = reference.split(separator: "/").dropFirst()
            #expect(path.reduce(Self.document as JSONValue?) { $0?[String($1)] } != nil, "\(reference)")
        }
        for (kind, components) in try #require(Self.document["components"]?.object).map({ ($0.name, $0.value) })
        where kind != "securitySchemes" {
            for name in try #require(components.object?.names) {
                #expect(references.contains("#/components/\(kind)/\(name)"), "\(kind)/\(name)")
            }
        }
    }

    @Test("names each operation once, and each parameter once in an operation")
    func names() {
        let operations = APIOperation.all(STACServer.Configuration())
        #expect(Set(operations.map(\.id)).count == operations.count)
        #expect(Set(operations.map { "\($0.method) \($0.path)" }).count == operations.count)
        for operation in operations {
            let names = operation.allParameters.map { "\($0.location) \($0.name)" }
            #expect(Set(names).count == names.count, "\(operation.id)")
            let placeholders = operation.path.filter { $0 == "{" }.count
            #expect(operation.allParameters.filter { $0.location == .path }.count == placeholders, "\(operation.id)")
        }
        #expect(Set(APISchema.all.keys) == Set(APISchema.Name.allCases))
    }

    @Test("knows every parameter of a search")
    func searchParameters() {
        let known = (APIParameter.conditions + APIParameter.paging).map(\.name) + ["collections", "limit"]
        #expect(Set(known) == Set(SearchParameters.Name.allCases.map(\.rawValue)))
        let body = APISchema.all[.search]?["properties"]?.object?.names ?? []
        #expect(Set(body) == Set(known + [STACServer.assetLocationParameter]))
    }

    @Test("names the places of files where there are several")
    func assetLocations() throws {
        var configuration = STACServer.Configuration()
        configuration.assetLocations = try AssetLocations(["file=file:///dss/ s3=s3://dss/"])
        let operations = APIOperation.all(configuration).filter { operation in
            operation.parameters.contains { $0.name == STACServer.assetLocationParameter }
        }
        #expect(operations.map(\.id) == ["getSearch", "explainSearch", "getItems", "getItem"])
        #expect(operations[0].parameters.last?.schema["enum"] == ["stored", "file", "s3"])
        #expect(APIParameter.assetLocation(AssetLocations())?.name == nil)
    }

    @Test("is given to people as a page that loads and runs nothing, with a place for each operation")
    func page() async throws {
        var configuration = STACServer.Configuration()
        configuration.title = "Dr. <b>Strange</b> & \"Co\""
        try await TestAPI.run(configuration: configuration) { api in
            let response = try await api.get("/api.html")
            #expect(response.headers[.contentType] == "text/html; charset=utf-8")
            let html = String(buffer: response.body)
            #expect(html.contains("<h1>Dr. &lt;b&gt;Strange&lt;/b&gt; &amp; &quot;Co&quot;</h1>"))
            for operation in APIOperation.all(STACServer.Configuration()) {
                #expect(html.contains("<article id=\"\(operation.id)\">"), "\(operation.id)")
            }
            func values(of attribute: String) -> [Substring] {
                html.split(separator: " \(attribute)=\"", omittingEmptySubsequences: false).dropFirst()
                    .map { $0.prefix { $0 != "\"" } }
            }
            let ids = values(of: "id")
            #expect(Set(ids).count == ids.count)
            for href in values(of: "href") where href.hasPrefix("#") {
                #expect(ids.contains(href.dropFirst()), "\(href)")
            }
            for word in ["<script", "<link", "<img", " src=", " style=", "url(", "@import"] {
                #expect(!html.contains(word), "\(word)")
            }
            let nonce = try #require(values(of: "nonce").first)
            let policy = try #require(response.headers[.contentSecurityPolicy])
            #expect(policy.hasPrefix("default-src 'none'; style-src 'nonce-\(nonce)';"))
            let other = try await api.get("/api.html").headers[.contentSecurityPolicy]
            #expect(policy != other)
        }
    }
}
