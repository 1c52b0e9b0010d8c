import Access
import Catalogue
import CatalogueSQLite
import Foundation
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import Logging
import NIOCore
import Telemetry
import TestKit

@testable import STACServer

/// The API over a catalogue of its own in a temporary directory.
struct TestAPI {
    static let prefix = "/public/api"
    static let token = "correct horse"
    static let gzipMinimumByteCount = 10_000

    let client: any TestClientProtocol
    let telemetry: MetricRegistry
    let catalogue: CatalogueEngine

    /// Runs `body` with a new, empty catalogue.
    ///
    /// - Parameters:
    ///   - authenticator: Asked before the operator's token is looked at.
    ///   - visibility: The Collections that each principal may see and write.
    static func run(
        _ setup: TestingSetup = .router, token: String? = token,
        configuration apiConfiguration: STACServer.Configuration = .init(), maximumBodyByteCount: Int = 64 << 20,
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        trustedProxies: String = "", authenticator: (any Authenticator)? = nil,
        visibility: (@Sendable (Principal) -> Visibility)? = nil,
        _ body: @Sendable (TestAPI) async throws -> Void
    ) async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let catalogue = try CatalogueEngine(home: directory.path)
        var configuration = EdgeConfiguration()
        configuration.port = 0
        configuration.maximumBodyByteCount = maximumBodyByteCount
        configuration.gzipMinimumByteCount = gzipMinimumByteCount
        configuration.trustedProxies = try IPNetworks(trustedProxies)
        var server = EdgeServer(configuration: configuration, operatorToken: token, logger: logger)
        if let authenticator { server.authenticators.insert(authenticator, at: 0) }
        let edge = server
        let api = STACServer(catalogue, edge: edge, configuration: apiConfiguration, visibility: visibility)
        var routes = RouteGroup("stac", timeout: configuration.requestTimeout)
        api.addRoutes(to: &routes)
        var table = RouteTable()
        try table.add(routes)
        try await edge.application(table).test(setup) {
            try await body(TestAPI(client: $0, telemetry: edge.telemetry, catalogue: catalogue))
        }
        await edge.shutDown()
    }

    struct Response {
        let status: Int
        let headers: HTTPFields
        let json: JSONValue
        let body: ByteBuffer

        var etag: String? { headers[.eTag] }
    }

    /// - Parameter path: Below the prefix, or a whole link.
    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: JSONValue? = nil, headers: HTTPFields = [:]
    ) async throws -> Response {
        var path = path
        if let range = path.range(of: Self.prefix) { path = String(path[range.upperBound...]) }
        var headers = headers
        if ![.get, .head].contains(method), headers[.authorization] == nil {
            headers[.authorization] = "Bearer " + Self.token
        }
        let response = try await client.executeRequest(
            uri: Self.prefix + path, method: method, headers: headers,
            body: body.map { ByteBuffer(bytes: $0.serialized()) })
        let json = (try? JSONValue(parsing: Array(response.body.readableBytesView))) ?? .null
        return Response(
            status: Int(response.status.code), headers: response.headers, json: json, body: response.body)
    }

    func get(_ path: String, headers: HTTPFields = [:]) async throws -> Response {
        try await send(.get, path, headers: headers)
    }

    // MARK: Content

    static func collection(_ id: String, title: String? = nil) -> JSONValue {
        var collection: JSONObject = [
            "type": "Collection", "stac_version": "1.1.0", "id": .string(id), "description": "For tests",
            "license": "other",
            "extent": ["spatial": ["bbox": [[-180, -90, 180, 90]]], "temporal": ["interval": [[nil, nil]]]],
            "links": [["rel": "license", "href": "https://example.org/license"]],
        ]
        if let title { collection["title"] = .string(title) }
        return .object(collection)
    }

    /// Number `number` is one day after the one before, one degree east and one percent cloudier.
    static func item(_ number: Int, id: String? = nil, collection: String = "c") -> JSONValue {
        let (west, day) = (Double(number), number + 1)
        return [
            "type": "Feature", "stac_version": "1.1.0", "stac_extensions": [],
            "id": .string(id ?? "item-\(number < 10 ? "0" : "")\(number)"), "collection": .string(collection),
            "geometry": [
                "type": "Polygon",
                "coordinates": [
                    [
                        [JSONValue(west), 10], [JSONValue(west + 0.5), 10], [JSONValue(west + 0.5), 10.5],
                        [JSONValue(west), 10.5], [JSONValue(west), 10],
                    ]
                ],
            ],
            "bbox": [JSONValue(west), 10, JSONValue(west + 0.5), 10.5],
            "properties": [
                "datetime": .string("2024-01-\(day < 10 ? "0" : "")\(day)T10:00:00Z"),
                "eo:cloud_cover": JSONValue(number),
                "platform": .string(number % 2 == 0 ? "sentinel-2a" : "sentinel-2b"),
            ],
            "links": [["rel": "derived_from", "href": "https://example.org/source"]],
            "assets": ["data": ["href": "file:///data/\(number)"]],
        ] as JSONValue
    }

    /// A collection `c` with that many Items.
    func fill(_ count: Int) async throws {
        _ = try await send(.post, "/collections", Self.collection("c"))
        _ = try await send(
            .post, "/collections/c/items",
            ["type": "FeatureCollection", "features": .array((0..<count).map { Self.item($0) })])
    }
}

extension CatalogueEngine {
    /// Writes an Item or a Collection, whoever may.
    func put(_ document: JSONValue) throws {
        if let collection = document["collection"]?.string {
            _ = try putItem(document.serialized(), id: nil, in: collection, .upsert, ifMatch: nil)
        } else {
            _ = try putCollection(document.serialized(), id: nil, .upsert, ifMatch: nil)
        }
    }
}

extension JSONValue {
    /// Of an ItemCollection.
    var ids: [String] { self["features"]?.array?.compactMap { $0["id"]?.string } ?? [] }

    func link(_ rel: String) -> JSONValue? {
        self["links"]?.array?.first { $0["rel"]?.string == rel }
    }
}
