import HTTPTypes
public import JSON

/// All routes of a server. There is no other way to a handler.
public struct RouteTable: Sendable {
    /// Two routes that take the same requests.
    public struct Conflict: Error, CustomStringConvertible {
        public let description: String
    }

    /// The routes at a path.
    struct Resource: Sendable {
        /// As its first route spells it; of two that differ in the names of placeholders only, both have their own.
        let path: String
        let parameterNames: [String]
        let crossOrigin: CrossOriginRule
        /// Whether one of its routes says so.
        var hidesQuery = false
        var routes: [HTTPRequest.Method: Route]

        /// What answers a method: HEAD as GET, unless it has a route of its own.
        func route(for method: HTTPRequest.Method) -> Route? {
            routes[method] ?? (method == .head ? routes[.get] : nil)
        }

        /// For `Allow`.
        var methods: String {
            var names = Set(routes.keys.map(\.rawValue)).union(["OPTIONS"])
            if routes[.get] != nil { names.insert("HEAD") }
            return names.sorted().joined(separator: ", ")
        }
    }

    private struct Node: Sendable {
        var children: [Substring: Int] = [:]
        var placeholder: Int?
        var resource: Resource?
    }

    public private(set) var groups: [RouteGroup] = []
    private var nodes = [Node()]

    public init() {}

    public var routes: [Route] { groups.flatMap(\.routes) }

    /// - Throws: `Conflict` when a route with the same method and path exists.
    public mutating func add(_ group: RouteGroup) throws(Conflict) {
        for route in group.routes { try add(route) }
        groups.append(group)
    }

    private mutating func add(_ route: Route) throws(Conflict) {
        var (node, names) = (0, [String]())
        for part in Self.parts(route.path) {
            if part.first == "{" {
                names.append(String(part.dropFirst().dropLast()))
                node = nodes[node].placeholder ?? child(of: node) { $0.placeholder = $1 }
            } else {
                node = nodes[node].children[part] ?? child(of: node) { $0.children[part] = $1 }
            }
        }
        var resource =
            nodes[node].resource
            ?? Resource(path: route.path, parameterNames: names, crossOrigin: route.crossOrigin, routes: [:])
        guard resource.routes[route.method] == nil else {
            throw Conflict(description: "Two routes take \(route.method.rawValue) \(route.path).")
        }
        guard resource.crossOrigin == route.crossOrigin, resource.parameterNames == names else {
            throw Conflict(
                description: "The routes at \(route.path) differ in their cross-origin rules or in their placeholders.")
        }
        resource.routes[route.method] = route
        resource.hidesQuery = resource.hidesQuery || route.hidesQuery
        nodes[node].resource = resource
    }

    private mutating func child(of node: Int, _ attach: (inout Node, Int) -> Void) -> Int {
        attach(&nodes[node], nodes.count)
        nodes.append(Node())
        return nodes.count - 1
    }

    /// The routes at a path, and the values of its placeholders, still percent-encoded. A segment that is spelled
    /// out in a route comes before a placeholder.
    func find(_ path: some StringProtocol) -> (resource: Resource, parameters: [Substring])? {
        find(Self.parts(String(path))[...], from: 0, [])
    }

    private func find(
        _ parts: ArraySlice<Substring>, from node: Int, _ parameters: [Substring]
    ) -> (resource: Resource, parameters: [Substring])? {
        guard let part = parts.first else { return nodes[node].resource.map { ($0, parameters) } }
        if let next = nodes[node].children[part], let found = find(parts.dropFirst(), from: next, parameters) {
            return found
        }
        return nodes[node].placeholder.flatMap { find(parts.dropFirst(), from: $0, parameters + [part]) }
    }

    /// Empty segments, such as that behind a slash at the end, are no part of a path. More than any route has are cut
    /// off, so that none is found.
    private static func parts(_ path: String) -> [Substring] {
        path.split(separator: "/", maxSplits: 32)
    }
}

extension RouteTable {
    /// The description of all routes.
    ///
    /// Source: [OpenAPI 3.1.0](https://spec.openapis.org/oas/v3.1.0).
    public func openAPI(title: String, version: String, server: String) -> JSONValue {
        var (paths, components) = (JSONObject(), JSONObject())
        for group in groups {
            for route in group.routes {
                var path = paths[route.path]?.object ?? JSONObject()
                let names = Self.parts(route.path).filter { $0.first == "{" }.map { String($0.dropFirst().dropLast()) }
                path[route.method.rawValue.lowercased()] = route.operation.json(tag: group.name, parameters: names)
                paths[route.path] = .object(path)
            }
            for kind in group.components {
                var named = components[kind.name]?.object ?? JSONObject()
                for component in kind.value.object ?? JSONObject() {
                    named["\(group.name).\(component.name)"] = component.value.prefixingReferences(group.name)
                }
                components[kind.name] = .object(named)
            }
        }
        return [
            "openapi": "3.1.0", "info": ["title": .string(title), "version": .string(version)],
            "servers": [["url": .string(server)]],
            "tags": .array(groups.map { ["name": .string($0.name)] }), "paths": .object(paths),
            "components": .object(components),
        ]
    }
}
