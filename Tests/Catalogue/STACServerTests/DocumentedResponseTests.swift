import HTTPEdge
import HTTPTypes
import JSON
import NIOCore
import Testing

@testable import STACServer

/// Whether responses match the OpenAPI document.
@Suite("Documented responses") struct DocumentedResponseTests {
    /// A request to an operation, and the status that it is to have.
    private struct Call {
        var status: Int
        var query = ""
        var pathValues = ["collection": "c", "item": "item-00", "period": "2024-01"]
        var body: JSONValue?
        var headers: HTTPFields = [:]
    }

    private static let operations = APIOperation.all(STACServer.Configuration())

    /// Bodies that are good, by operation; those of searches may be empty.
    private static let bodies: [String: JSONValue] = [
        "createCollection": TestAPI.collection("new"), "replaceCollectionByBody": TestAPI.collection("c"),
        "replaceCollection": TestAPI.collection("c"), "createItems": TestAPI.item(5, id: "new"),
        "replaceItem": TestAPI.item(0), "writeItems": ["items": ["item-02": TestAPI.item(2)], "method": "upsert"],
    ]

    /// Valid and invalid calls of each operation.
    private static func calls(_ operation: APIOperation) -> [Call] {
        var good = Call(status: operation.responses[0].status)
        if operation.body != nil { good.body = bodies[operation.id] ?? [:] }
        func changed(_ status: Int, _ change: (inout Call) -> Void) -> Call {
            var call = good
            call.status = status
            change(&call)
            return call
        }
        var calls: [Call] = []
        if operation.needsToken {
            calls.append(changed(401) { $0.headers[.authorization] = "Bearer wrong" })
        }
        for parameter in operation.allParameters {
            switch (parameter.location, parameter.name) {
            case (.path, let name):
                calls.append(
                    changed(404) { call in
                        call.pathValues[name] = "none"
                        // Ids in a body are to be those of the path.
                        if operation.method == .put { call.body = renamed(call.body, name, operation) }
                    })
                calls.append(changed(400) { $0.pathValues[name] = "%FF" })
            case (_, "If-Match"): calls.append(changed(412) { $0.headers[.ifMatch] = "\"999999\"" })
            case (_, "If-None-Match"): break
            case (_, "limit"): calls.append(changed(400) { $0.query = "limit=0" })
            case (_, "bbox"): calls.append(changed(400) { $0.query = "bbox=1,2,3" })
            case (_, "language"): calls.append(changed(400) { $0.query = "language=123" })
            case (_, "token"): calls.append(changed(400) { $0.query = "token=none" })
            case (_, "aggregations"): calls.append(changed(400) { $0.query = "aggregations=none" })
            default: break
            }
        }
        if operation.body != nil || operation.isWrite {
            calls.append(changed(413) { $0.body = ["padding": .string(String(repeating: " ", count: largestBody))] })
        }
        if operation.body != nil { calls.append(changed(400) { $0.body = [1] }) }
        if operation.failures.contains(.unsupportedMediaType) {
            calls.append(changed(415) { $0.headers[.contentType] = "text/plain" })
        }
        calls.append(good)
        // What a DELETE has removed cannot be removed again.
        if operation.allResponses.contains(where: { $0.status == 204 }), operation.method != .delete {
            calls.append(changed(204) { $0.headers[.prefer] = "respond-async, return=minimal" })
        }
        if operation.failures.contains(.conflict) { calls.append(changed(409) { _ in }) }
        return calls
    }

    private static let largestBody = 10_000

    private static func renamed(_ body: JSONValue?, _ parameter: String, _ operation: APIOperation) -> JSONValue? {
        guard var object = body?.object else { return body }
        object[parameter == "collection" && operation.tag == .items ? "collection" : "id"] = "none"
        return .object(object)
    }

    @Test("have a status, a media type and headers that are documented", arguments: operations.map(\.id))
    func responses(id: String) async throws {
        let operation = try #require(Self.operations.first { $0.id == id })
        try await TestAPI.run(maximumBodyByteCount: Self.largestBody) { api in
            try await api.fill(3)
            for call in Self.calls(operation) {
                let response = try await Self.send(call, operation, api)
                #expect(response.status == call.status, "\(id) \(call)")
                Self.expectDocumented(response, operation)
            }
            if operation.failures.contains(.notModified) {
                let tag = try await Self.send(Call(status: 200), operation, api).etag
                let again = try await Self.send(
                    Call(status: 304, headers: [.ifNoneMatch: try #require(tag)]), operation, api)
                #expect(again.status == 304)
                Self.expectDocumented(again, operation)
            }
        }
    }

    @Test("of several Items at once are documented, too")
    func severalItems() async throws {
        try await TestAPI.run { api in
            try await api.fill(1)
            let create = try #require(Self.operations.first { $0.id == "createItems" })
            let several: JSONValue = ["type": "FeatureCollection", "features": [TestAPI.item(7)]]
            Self.expectDocumented(try await Self.send(Call(status: 201, body: several), create, api), create)
            let write = try #require(Self.operations.first { $0.id == "writeItems" })
            let rejected = try await Self.send(Call(status: 400, body: ["items": ["x": [:]]]), write, api)
            #expect(rejected.status == 400 && rejected.headers[.contentType] == "application/json")
            Self.expectDocumented(rejected, write)
        }
    }

    @Test("by lines, and to a body of a GET, are documented, too", arguments: ["getSearch", "getItems"])
    func lines(id: String) async throws {
        let operation = try #require(Self.operations.first { $0.id == id })
        try await TestAPI.run { api in
            try await api.fill(2)
            let response = try await Self.send(
                Call(status: 200, body: ["limit": 1], headers: [.accept: "application/x-ndjson"]), operation, api)
            #expect(response.status == 200 && response.headers[.contentType] == "application/x-ndjson")
            Self.expectDocumented(response, operation)
        }
    }

    @Test("say that nobody may write where there is no token", arguments: operations.filter(\.needsToken).map(\.id))
    func forbidden(id: String) async throws {
        let operation = try #require(Self.operations.first { $0.id == id })
        try await TestAPI.run(token: nil) { api in
            let response = try await Self.send(Call(status: 403, body: [:]), operation, api)
            #expect(response.status == 403)
            Self.expectDocumented(response, operation)
        }
    }

    private static func send(
        _ call: Call, _ operation: APIOperation, _ api: TestAPI
    ) async throws -> TestAPI.Response {
        var path = operation.path
        for (name, value) in call.pathValues { path = path.replacing("{\(name)}", with: value) }
        var headers = call.headers
        if operation.needsToken, headers[.authorization] == nil {
            headers[.authorization] = "Bearer " + TestAPI.token
        }
        return try await api.send(
            operation.method, path + (call.query.isEmpty ? "" : "?" + call.query), call.body, headers: headers)
    }

    private static let document = OpenAPIDocument(STACServer.Configuration(), operations).json("http://h")

    private static func resolved(_ value: JSONValue?) -> JSONValue? {
        guard let reference = value?["$ref"]?.string else { return value }
        return reference.split(separator: "/").dropFirst().reduce(document as JSONValue?) { $0?[String($1)] }
    }

    private static func expectDocumented(_ response: TestAPI.Response, _ operation: APIOperation) {
        let path = document["paths"]?[operation.path]?[operation.method.rawValue.lowercased()]
        guard let documented = resolved(path?["responses"]?["\(response.status)"]) else {
            Issue.record("\(operation.id) responds with \(response.status), which is not documented")
            return
        }
        let types = documented["content"]?.object?.names ?? []
        if types.isEmpty {
            #expect(response.body.readableBytes == 0, "\(operation.id) \(response.status)")
        } else {
            let type = response.headers[.contentType] ?? ""
            #expect(types.contains(type), "\(operation.id) \(response.status): \(type)")
        }
        for header in documented["headers"]?.object?.map({ ($0.name, resolved($0.value)) }) ?? [] {
            guard header.1?["required"] == true, let name = HTTPField.Name(header.0) else { continue }
            #expect(response.headers[name] != nil, "\(operation.id) \(response.status): \(header.0)")
        }
        // Headers that are about this response alone have to be documented.
        for name in [HTTPField.Name.eTag, .location, .contentLanguage, .retryAfter, .wwwAuthenticate]
        where response.headers[name] != nil {
            let known = documented["headers"]?.object?.names.map { $0.lowercased() } ?? []
            #expect(known.contains(name.canonicalName), "\(operation.id) \(response.status): \(name)")
        }
    }
}
