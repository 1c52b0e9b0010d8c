import Access
import HTTPEdge
import HTTPTypes
import Identity
import JSON

extension AdministrationServer {
    func addOwn(to routes: inout RouteGroup) {
        routes.add(
            .get, "/api/me", OpenAPIOperation("getMe", "Who you are, and what you may read and write", status: 200),
            handler { request in
                let principal = request.principal
                return response([
                    "name": .string(principal.name), "kind": .string(principal.kind.rawValue),
                    "groups": .array(principal.groups.sorted().map { .string($0) }),
                    "scopes": .array(principal.scopes.map(\.rawValue).sorted().map { .string($0) }),
                    "reads": .array(principal.readableOwners.sorted().map { .string($0) }),
                    "writes": .array(principal.writableOwners.sorted().map { .string($0) }),
                ])
            })
    }

    func addContainers(to routes: inout RouteGroup) {
        let path = "/api/containers"
        routes.add(
            .get, path, OpenAPIOperation("listContainers", "The containers that you are a member of", status: 200),
            handler(listOwnContainers))
        routes.add(
            .get, path + "/{container}",
            OpenAPIOperation("getContainer", "A container; managers see its members", status: 200), handler(container))
        let member = path + "/{container}/members/{account}"
        routes.add(
            .put, member, bodyLimit: Self.bodyLimit,
            OpenAPIOperation(
                "setMember", "Add a member or change the level of one, as a manager",
                body: ["level": OpenAPIOperation.one(of: Container.Level.allCases.map(\.rawValue))],
                required: ["level"]), handler(setMember))
        routes.add(
            .delete, member, OpenAPIOperation("removeMember", "Remove a member, as a manager", status: 204),
            handler(removeMember))
    }

    func addAdministeredContainers(to routes: inout RouteGroup) {
        let path = "/api/admin/containers"
        routes.add(
            .get, path, OpenAPIOperation("listAllContainers", "All containers with their members", status: 200),
            handler { _ in response(["containers": .array(try await store.containers().map(\.json))]) })
        routes.add(
            .post, path, bodyLimit: Self.bodyLimit,
            OpenAPIOperation(
                "addContainer", "Add a container",
                body: ["id": OpenAPIOperation.text, "title": OpenAPIOperation.text, "path": OpenAPIOperation.text],
                required: ["id"], status: 201), handler(addContainer))
        routes.add(
            .delete, path + "/{container}",
            OpenAPIOperation(
                "deleteContainer", "Delete a container, not its directory; its id stays taken", status: 204),
            handler(deleteContainer))
    }

    private func listOwnContainers(_ request: EdgeRequest) async throws -> EdgeResponse {
        let containers = try await store.containers(of: request.principal.name)
        return response([
            "containers": .array(containers.map { $0.container.json(for: $0.level) })
        ])
    }

    private func container(_ request: EdgeRequest) async throws -> EdgeResponse {
        let (container, level) = try await visible(request)
        return response(level == .manager ? container.json : container.json(for: level))
    }

    private func setMember(_ request: EdgeRequest) async throws -> EdgeResponse {
        let container = try await managed(request)
        let document = try RequestDocument(request, ["level"])
        guard let level = try document.value("level", of: Container.Level.self) else {
            throw RequestDocument.invalid("level", "is missing")
        }
        let name = try request.parameter("account")
        try await store.setMember(name, of: container.id, level, by: actor(request))
        return response([
            "account": .string(name), "container": .string(container.id), "level": .string(level.rawValue),
        ])
    }

    private func removeMember(_ request: EdgeRequest) async throws -> EdgeResponse {
        let container = try await managed(request)
        try await store.removeMember(request.parameter("account"), of: container.id, by: actor(request))
        return noContent
    }

    private func addContainer(_ request: EdgeRequest) async throws -> EdgeResponse {
        let document = try RequestDocument(request, ["id", "title", "path"])
        let id = try document.requiredText("id")
        try await store.addContainer(
            id, title: document.text("title") ?? "", path: document.text("path"), by: actor(request))
        guard let container = try await store.container(id) else { throw IdentityError.noSuchContainer(id) }
        return response(container.json, status: .created, location: "/api/containers/\(percentEncoded(id))")
    }

    private func deleteContainer(_ request: EdgeRequest) async throws -> EdgeResponse {
        try await store.deleteContainer(request.parameter("container"), by: actor(request))
        return noContent
    }

    /// The container in the path, as the sender sees it: administrators are managers of all. For others it exists if they
    /// are members.
    private func visible(_ request: EdgeRequest) async throws -> (container: Container, level: Container.Level) {
        let id = try request.parameter("container")
        guard let container = try await store.container(id) else { throw IdentityError.noSuchContainer(id) }
        if request.principal.has(.administration) { return (container, .manager) }
        guard request.principal.readableOwners.contains(id), let level = container.members[request.principal.name]
        else {
            throw IdentityError.noSuchContainer(id)
        }
        return (container, level)
    }

    private func managed(_ request: EdgeRequest) async throws -> Container {
        let (container, level) = try await visible(request)
        guard level == .manager else {
            throw Problem(.forbidden, "NotManager", "Only managers of '\(container.id)' change its members.")
        }
        return container
    }
}

extension Container {
    /// As a member sees it who does not manage it.
    func json(for level: Level) -> JSONValue {
        [
            "id": .string(id), "title": .string(title), "path": path.map { .string($0) } ?? .null,
            "level": .string(level.rawValue),
        ]
    }
}
