import JSON
import Testing

@testable import STACServer

@Suite("Field selection") struct FieldSelectionTests {
    private static let item: JSONValue = [
        "type": "Feature", "stac_version": "1.1.0", "id": "a", "geometry": nil,
        "properties": ["datetime": nil, "eo:cloud_cover": 3, "v1.2": true, "nested": ["x": 1, "y": 2]],
        "assets": ["B01": ["href": "f", "type": "t"]], "links": [], "custom": ["a": 1],
    ]

    @Test(
        "includes and excludes by path",
        arguments: [
            // Neither: the members that make it an Item.
            (
                [], [],
                #"{"type":"Feature","stac_version":"1.1.0","id":"a","geometry":null,"properties":{"datetime":null},"assets":{"B01":{"href":"f","type":"t"}},"links":[]}"#
            ),
            (
                ["properties.eo:cloud_cover"], ["assets", "links", "geometry", "stac_version"],
                #"{"type":"Feature","id":"a","properties":{"datetime":null,"eo:cloud_cover":3}}"#
            ),
            (
                ["properties.v1.2", "nothing"], ["assets", "links", "geometry", "stac_version", "properties.datetime"],
                #"{"type":"Feature","id":"a","properties":{"v1.2":true}}"#
            ),
            (
                ["properties.nested.x"], ["assets", "links", "geometry", "stac_version", "properties.datetime"],
                #"{"type":"Feature","id":"a","properties":{"nested":{"x":1}}}"#
            ),
            (
                ["properties"], ["assets", "links", "geometry", "stac_version", "properties.nested"],
                #"{"type":"Feature","id":"a","properties":{"datetime":null,"eo:cloud_cover":3,"v1.2":true}}"#
            ),
            // The longer path counts.
            (
                ["assets.B01.href"], ["assets", "links", "geometry", "stac_version", "properties"],
                #"{"type":"Feature","id":"a","properties":{"datetime":null},"assets":{"B01":{"href":"f"}}}"#
            ),
            // Exclusion alone: everything else stays.
            (
                [], ["assets", "properties.nested", "properties.v1.2", "geometry"],
                #"{"type":"Feature","stac_version":"1.1.0","id":"a","properties":{"datetime":null,"eo:cloud_cover":3},"links":[],"custom":{"a":1}}"#
            ),
            (
                ["assets"], ["assets", "geometry", "links", "properties", "stac_version"],
                #"{"type":"Feature","id":"a","properties":{"datetime":null},"assets":{"B01":{"href":"f","type":"t"}}}"#
            ),
        ] as [([String], [String], String)])
    func selects(include: [String], exclude: [String], expected: String) {
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
        #expect(try SearchParameters().fields() == nil)
    }
}
