import Access
import HTTPTypes
import JSON
import Testing

@testable import HTTPEdge

@Suite("The table of routes") struct RouteTableTests {
    private static func group(_ name: String = "a", _ paths: [String]) -> RouteGroup {
        var group = RouteGroup(name, timeout: .seconds(1))
        for path in paths {
            group.get(path, OpenAPIOperation("get", "Reads", response: path)) { _ in EdgeResponse(status: .ok) }
        }
        return group
    }

    @Test(
        "finds a path with what stands at its placeholders",
        arguments: [
            ("/", "/", []), ("", "/", []), ("/x", "/x", []), ("/x/", "/x", []), ("//x", "/x", []),
            ("/x/y", "/x/{a}", ["y"]), ("/x/own", "/x/own", []), ("/x/own/z", "/x/own/{b}", ["z"]),
            ("/x/y/z", "/x/{a}/z", ["y"]), ("/x/%2Fy", "/x/{a}", ["%2Fy"]),
            ("/x/own/z/more", "/x/{a}/{b}/more", ["own", "z"]), ("/y", nil, []), ("/x/y/z/z", nil, []),
            ("/x/{a}", "/x/{a}", ["{a}"]),
        ] as [(String, String?, [String])])
    func find(path: String, route: String?, parameters: [String]) throws {
        var table = RouteTable()
        try table.add(Self.group("a", ["/", "/x", "/x/{a}", "/x/own", "/x/own/{b}", "/x/{a}/z", "/x/{a}/{b}/more"]))
        let found = table.find(path)
        #expect(found?.resource.path == route)
        #expect(found?.parameters.map(String.init) ?? [] == parameters)
    }

    @Test("looks at no more of a path than the longest route has")
    func longPath() throws {
        var table = RouteTable()
        try table.add(Self.group("a", ["/{a}"]))
        #expect(table.find(String(repeating: "/a", count: 100_000)) == nil)
    }

    @Test("takes no two routes for the same requests, from whichever modules")
    func conflicts() throws {
        var table = RouteTable()
        try table.add(Self.group("a", ["/x/{a}"]))
        #expect(throws: RouteTable.Conflict.self) { try table.add(Self.group("b", ["/x/{a}"])) }
        #expect(throws: RouteTable.Conflict.self) { try table.add(Self.group("c", ["/x/{other}"])) }
    }

    @Test("describes the routes of all modules, each with names of its own")
    func openAPI() throws {
        var table = RouteTable()
        for name in ["a", "b"] {
            var group = RouteGroup(name, timeout: .seconds(1))
            group.components = [
                "schemas": ["Thing": ["type": "object"], "List": ["$ref": "#/components/schemas/Thing"]]
            ]
            let members: JSONObject = ["responses": ["200": ["$ref": "#/components/schemas/List"]]]
            group.get("/\(name)/{id}", OpenAPIOperation("get", "Reads", members: members)) { _ in .init(status: .ok) }
            try table.add(group)
        }
        let document = table.openAPI(title: "T", version: "1", server: "http://h")
        #expect(document["paths"]?.object?.names == ["/a/{id}", "/b/{id}"])
        let operation = document["paths"]?["/b/{id}"]?["get"]
        #expect(operation?["operationId"] == "b.get")
        #expect(operation?["responses"]?["200"]?["$ref"] == "#/components/schemas/b.List")
        #expect(operation?["parameters"]?[0]?["name"] == "id")
        #expect(document["components"]?["schemas"]?["b.List"]?["$ref"] == "#/components/schemas/b.Thing")
        #expect(document["components"]?["schemas"]?.object?.count == 4)
    }
}
