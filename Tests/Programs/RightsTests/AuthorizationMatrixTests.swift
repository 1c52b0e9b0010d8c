import HTTPEdge
import HTTPTypes
import HummingbirdTesting
import InMemoryLogging
import JSON
import ServiceModule
import Testing

@Suite("Who may do what") struct AuthorizationMatrixTests {
    @Test("is as the table says, for each route, person and Collection; and what is foreign is named nowhere")
    func matrix() async throws {
        try await World.run { world in
            var count = 0
            for route in world.composition.routes.routes {
                guard let (kind, isPersonal) = AuthorizationMatrix.kind(route.method, route.path) else {
                    let isOther = AuthorizationMatrix.others.contains { route.path.hasPrefix($0) }
                    #expect(isOther, "\(route.method) \(route.path) is not in AuthorizationMatrix")
                    continue
                }
                for person in Person.allCases {
                    for target in Target.allCases where target == .own || route.isAboutCollection {
                        let request = MatrixRequest(route, person, target)
                        let response = try await request.send(to: world)
                        let expected = AuthorizationMatrix.status(kind, isPersonal: isPersonal, person, target)
                        #expect(
                            expected.contains(response.status.code),
                            "\(person) \(target) \(route.method) \(route.path): \(response.status.code), expected \(expected): \(response.text.prefix(300))"
                        )
                        let seesAll = route.path.hasPrefix("/api/admin/") && AuthorizationMatrix.isAdministrator(person)
                        if !seesAll { expectNothingForeign(in: response, request, person) }
                        if target == .foreign {
                            try await expectSameAsMissing(response, request, world)
                        }
                        if route.method != .get, response.status.code < 300 {
                            try Catalogues.restore(world.catalogue, target.collection(of: person))
                        }
                        count += 1
                    }
                }
            }
            #expect(count > 2_500)
            let logged = world.log.entries.map { "\($0.message) \($0.metadata)" }
            #expect(logged.count > 1_000)
            #expect(!logged.contains { $0.contains(Catalogues.mark) })
        }
    }

    private func expectNothingForeign(in response: TestResponse, _ request: MatrixRequest, _ person: Person) {
        let headers = response.headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
        // What the request itself names may come back.
        let text = (response.text + headers).replacing(request.collection, with: "")
        for name in [Catalogues.mark] + Catalogues.foreign + ["zoe", Person.foreignContainer] {
            #expect(!text.contains(name), "\(person) \(request.route.method) \(request.path) tells of \(name)")
        }
    }

    /// What cannot be seen does not exist: same words, same shape.
    private func expectSameAsMissing(
        _ response: TestResponse, _ request: MatrixRequest, _ world: World
    ) async throws {
        let other = MatrixRequest(request.route, request.person, .missing)
        let missing = try await other.send(to: world)
        #expect(response.status == missing.status, "\(request.person) \(request.route.method) \(request.path)")
        #expect(
            response.text.replacing(request.collection, with: other.collection) == missing.text,
            "\(request.person) \(request.route.method) \(request.path)")
        #expect(response.headers.map(\.name.rawName).sorted() == missing.headers.map(\.name.rawName).sorted())
    }
}

extension Route {
    /// Whether there is something to choose a Collection by.
    var isAboutCollection: Bool {
        path.contains("{collection}") || path.hasSuffix("/api/collections") && method != .get
    }
}

/// A request to a route that would succeed with all rights.
struct MatrixRequest {
    let route: Route
    let person: Person
    let collection: String
    let path: String
    let body: JSONValue?

    init(_ route: Route, _ person: Person, _ target: Target) {
        self.route = route
        self.person = person
        let id = target.collection(of: person)
        // Those that are made do not exist yet.
        let isNew = route.method == .post && route.path.hasSuffix("/api/collections")
        collection = isNew ? id.replacing("fields", with: "new").replacing("open", with: "new") : id
        var path = route.path.replacing("{collection}", with: id).replacing("{item}", with: "item-1")
            .replacing("{period}", with: "2024")
        // One that nobody needs, and nothing that could be deleted.
        let container = route.path.hasPrefix("/api/admin/") ? "nothing" : Person.container
        path = path.replacing("{container}", with: container).replacing("{account}", with: Person.spare)
            .replacing("{dataset}", with: "nothing").replacing("{invitation}", with: "999999")
        if path.hasSuffix("/aggregate"), route.method == .get { path += "?aggregations=total_count" }
        self.path = path
        body = Self.body(route, person, collection)
    }

    private static func body(_ route: Route, _ person: Person, _ collection: String) -> JSONValue? {
        switch (route.method, route.path.split(separator: "/").last) {
        case (.get, _), (.delete, _): nil
        case (.post, "collections"), (.put, "collections"), (.put, "{collection}"):
            Catalogues.collection(collection, title: "Other fields")
        case (.patch, "{collection}"): ["title": "Other fields"]
        case (.post, "items"): Catalogues.item(5, id: "new-1", of: collection)
        case (.post, "bulk_items"): ["items": ["new-2": Catalogues.item(6, id: "new-2", of: collection)]]
        case (.put, "{item}"): Catalogues.item(7, id: "item-1", of: collection)
        case (.patch, "{item}"): ["properties": ["eo:cloud_cover": 99]]
        case (.post, "aggregate"): ["aggregations": ["total_count"]]
        case (.put, "{account}"): ["level": "ro"]
        case (.post, "acceptance"): ["version": 1]
        case (.post, "move"): ["id": .string("\(person.rawValue).moved")]
        default: [:]
        }
    }

    func send(to world: World) async throws -> TestResponse {
        try await world.send(route.method, path, as: person, body)
    }
}
