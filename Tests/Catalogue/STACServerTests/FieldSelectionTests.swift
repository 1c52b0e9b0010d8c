import JSON
import Testing

@testable import STACServer

@Suite("Field selection") struct FieldSelectionTests {
    private static let item: JSONValue = [
        "type": "Feature", "stac_version": "1.1.0", "id": "a", "geometry": nil,
        "properties": ["datetime": nil, "eo:cloud_cover": 3, "v1.2": true, "nested": ["x": 1, "y": 2]],
        "assets": ["B01": ["href": "f", "type": "t"]], "links": [], "custom": ["a": 1],
    ]

    private static let rest = ["type", "stac_version", "geometry", "links", "assets", "properties"]

    @Test(
        "includes and excludes by path",
        arguments: [
            // Neither: the members that make it an Item.
            (
                [], [],
                #"{"type":"Feature","stac_version":"1.1.0","id":"a","geometry":null,"properties":{"datetime":null},"assets":{"B01":{"href":"f","type":"t"}},"links":[]}"#
            ),
            (nil, [], nil),
            (
                [], ["assets", "links"],
                #"{"type":"Feature","stac_version":"1.1.0","id":"a","geometry":null,"properties":{"datetime":null}}"#
            ),
            // Exclusion alone: everything else stays.
            (
                nil, ["assets", "properties.nested", "properties.v1.2", "geometry"],
                #"{"type":"Feature","stac_version":"1.1.0","id":"a","properties":{"datetime":null,"eo:cloud_cover":3},"links":[],"custom":{"a":1}}"#
            ),
            (
                ["properties.eo:cloud_cover"], [],
                #"{"type":"Feature","stac_version":"1.1.0","id":"a","properties":{"eo:cloud_cover":3}}"#
            ),
            (["properties.v1.2", "nothing"], rest, #"{"id":"a","properties":{"v1.2":true}}"#),
            (["properties.nested.x"], rest, #"{"id":"a","properties":{"nested":{"x":1}}}"#),
            (
                ["properties"], ["type", "stac_version", "properties.nested"],
                #"{"id":"a","properties":{"datetime":null,"eo:cloud_cover":3,"v1.2":true}}"#
            ),
            // The longer path counts, and of two equal ones the inclusion.
            (["assets.B01.href"], rest, #"{"id":"a","assets":{"B01":{"href":"f"}}}"#),
            (["links"], rest, #"{"id":"a","links":[]}"#),
        ] as [([String]?, [String], String?)])
    func selects(include: [String]?, exclude: [String], expected: String?) {
        let expected = expected ?? FieldSelection(include: [], exclude: []).apply(to: Self.item).jsonText
        #expect(FieldSelection(include: include, exclude: exclude).apply(to: Self.item).jsonText == expected)
    }

    @Test("reads both forms alike")
    func forms() throws {
        let query = try SearchParameters(query: [QueryPair(name: "fields", value: "id,-assets, properties.a")]).fields()
        let body = try SearchParameters(body: [
            "fields": ["include": ["id", "properties.a"], "exclude": ["assets"]]
        ]).fields()
        #expect(query == body)
        #expect(query != nil)
        #expect(try SearchParameters(body: ["fields": [:]]).fields() == FieldSelection(include: [], exclude: []))
        #expect(try SearchParameters(query: [QueryPair(name: "fields", value: "")]).fields() != nil)
        #expect(try SearchParameters().fields() == nil)
        let onlyExclude = try SearchParameters(body: ["fields": ["exclude": ["assets"]]]).fields()
        #expect(onlyExclude == FieldSelection(include: nil, exclude: ["assets"]))
        let fewer = try SearchParameters(query: [QueryPair(name: "fields", value: "-assets")]).fields()
        #expect(fewer == FieldSelection(include: [], exclude: ["assets"]))
    }
}
