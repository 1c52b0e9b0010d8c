import Access
import HTTPTypes
public import JSON
import NIOCore
import Telemetry

/// Something that must be so before a server is ready.
public struct ReadinessCheck: Sendable {
    /// For the log and for `/readyz`.
    public let name: String
    /// - Returns: `nil` when ready, otherwise the missing condition. Called on a thread that may block.
    public let missing: @Sendable () -> String?

    public init(_ name: String, missing: @escaping @Sendable () -> String?) {
        self.name = name
        self.missing = missing
    }
}

/// The routes for monitoring the server, and the description of all routes.
public struct OperationsRoutes: Sendable {
    static let metricsPath = "/metrics"

    private let edge: EdgeServer

    public init(_ edge: EdgeServer) {
        self.edge = edge
    }

    /// - Parameters:
    ///   - readiness: The conditions under which the server can respond to requests.
    ///   - openAPI: The description of all routes, for a server's URL.
    public func add(
        to routes: inout RouteGroup, readiness: [ReadinessCheck], openAPI: @escaping @Sendable (String) -> JSONValue
    ) {
        let edge = edge
        routes.get("/healthz", OpenAPIOperation("getHealth", "Whether the process lives")) { _ in
            Self.json(["status": "ok"])
        }
        routes.add(
            .get, "/readyz", OpenAPIOperation("getReadiness", "Whether requests can be responded to"),
            .monitoring { _ in Self.readiness(readiness) })
        routes.add(
            .get, Self.metricsPath, access: .scope(.readMetrics),
            OpenAPIOperation("getMetrics", "Metrics for Prometheus", type: MetricRegistry.mediaType),
            .monitoring { _ in
                EdgeResponse(
                    status: .ok, headers: [.contentType: MetricRegistry.mediaType, .cacheControl: "no-store"],
                    body: ByteBuffer(string: edge.telemetry.text()))
            })
        routes.add(
            .get, "/openapi.json", OpenAPIOperation("getOpenAPI", "The description of all routes, as OpenAPI"),
            .reading { request in
                let base = try LinkBase(request.head, peer: request.peer, edge.configuration, prefix: "")
                return Self.json(openAPI(base.text), type: Self.openAPIType)
            })
    }

    /// The entry points of the services, for those who know the server's address only.
    public func addStart(to routes: inout RouteGroup, _ entryPoints: [(title: String, path: String)]) {
        let edge = edge
        routes.get("/", OpenAPIOperation("getStart", "Where to go on")) { request in
            let base = try LinkBase(request.head, peer: request.peer, edge.configuration, prefix: "").text
            var links: [JSONValue] = [
                ["rel": "self", "href": .string(base + "/"), "type": "application/json", "title": "This document"]
            ]
            for entry in entryPoints {
                links.append([
                    "rel": "item", "href": .string(base + entry.path), "type": "application/json",
                    "title": .string(entry.title),
                ])
            }
            links.append([
                "rel": "service-desc", "href": .string(base + "/openapi.json"),
                "type": .string(Self.openAPIType), "title": "Description of all routes",
            ])
            return Self.json([
                "title": "terrabyte", "description": "An open Earth-observation data platform.", "links": .array(links),
            ])
        }
    }

    private static let openAPIType = "application/vnd.oai.openapi+json;version=3.1"

    private static func readiness(_ checks: [ReadinessCheck]) -> EdgeResponse {
        let missing = checks.compactMap { check in check.missing().map { (check.name, JSONValue.string($0)) } }
        guard !missing.isEmpty else { return json(["status": "ready"]) }
        var reasons = JSONObject()
        for (name, reason) in missing { reasons[name] = reason }
        return json(["status": "starting", "missing": .object(reasons)], status: .serviceUnavailable)
    }

    private static func json(
        _ value: JSONValue, status: HTTPResponse.Status = .ok, type: String = "application/json"
    ) -> EdgeResponse {
        EdgeResponse(
            status: status, headers: [.contentType: type, .cacheControl: "no-store"],
            body: ByteBuffer(bytes: value.serialized()))
    }
}
