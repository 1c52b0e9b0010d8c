import Access
import HTTPEdge
import HTTPTypes
import ServiceModule
import Testing

@Suite("Routes of the platform") struct RouteTableTests {
    /// Paths that anybody may use without signing in, and why. All others need a right.
    private static let open = [
        "/": "where to go on", "/healthz": "monitoring", "/readyz": "monitoring", "/openapi.json": "description",
        "/public/api": "the curated catalogue", "/auth": "signing in",
        "/.well-known": "where to sign in",
    ]

    @Test("need a right, unless they are among those that anybody may use") func access() async throws {
        try await World.run { world in
            #expect(world.composition.routes.routes.count > 80)
            for route in world.composition.routes.routes where route.access == .anyone {
                let isOpen = Self.open.keys.contains { path in
                    route.path == path || path != "/" && route.path.hasPrefix(path + "/")
                }
                #expect(isOpen, "\(route.method) \(route.path)")
            }
        }
    }

    @Test("that write ask for a scope") func writing() async throws {
        try await World.run { world in
            for route in world.composition.routes.routes
            where [.put, .patch, .delete].contains(route.method) && !route.path.hasPrefix("/auth/") {
                // Who manages a container is asked of the database.
                if route.path.hasPrefix("/api/containers/"), route.access == .signedIn { continue }
                guard case .scope = route.access else {
                    Issue.record("\(route.method) \(route.path): \(route.access)")
                    continue
                }
            }
        }
    }
}
