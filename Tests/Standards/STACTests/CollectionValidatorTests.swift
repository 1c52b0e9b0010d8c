import JSON
import STAC
import Testing

@Suite("Collection validation") struct CollectionValidatorTests {
    static let minimal = """
        {"type":"Collection","stac_version":"1.1.0","id":"c","description":"d","license":"other",\
        "extent":{"spatial":{"bbox":[[-180,-90,180,90]]},"temporal":{"interval":[["2015-06-27T10:25:31Z",null]]}},\
        "links":[]}
        """

    static func issues(_ text: String) throws -> [String] {
        try JSONReader().read(Array(text.utf8)) { CollectionValidator().issues(in: $0).map(\.description) }
    }

    @Test(
        "accepts",
        arguments: [
            ("\"c\"", "\"c\""),
            ("\"1.1.0\"", "\"1.0.0\""),
            // The type came with 1.0.0-rc.1.
            ("\"type\":\"Collection\",\"stac_version\":\"1.1.0\"", "\"stac_version\":\"1.0.0-beta.2\""),
            ("[[-180,-90,180,90]]", "[[0,0,3,3],[0,0,1,1],[2,2,3,3]]"),
            ("\"2015-06-27T10:25:31Z\",null", "null,null"),
            ("\"links\"", "\"summaries\":{\"gsd\":{\"minimum\":1,\"maximum\":2},\"platform\":[\"a\"]},\"links\""),
            ("\"links\"", "\"item_assets\":{\"B02\":{\"type\":\"image/tiff\",\"roles\":[\"data\"]}},\"links\""),
        ])
    func accepts(part: String, replacement: String) throws {
        #expect(try Self.issues(Self.minimal.replacing(part, with: replacement)) == [])
    }

    @Test(
        "rejects, with path and reason",
        arguments: [
            ("Collection", "Catalog", "type: must be \"Collection\"; is \"Catalog\""),
            ("\"description\":\"d\",", "", "description: must be present"),
            ("\"d\"", "\"\"", "description: must not be empty"),
            ("\"license\":\"other\",", "", "license: must be present"),
            ("\"links\":[]", "\"links\":{}", "links: must be an array of objects; is an object"),
            ("{\"bbox\":[[-180,-90,180,90]]}", "{}", "extent.spatial.bbox: must be present"),
            ("[[-180,-90,180,90]]", "[]", "extent.spatial.bbox: must have one bounding box or more"),
            (
                "[[-180,-90,180,90]]", "[-180,-90,180,90]",
                "extent.spatial.bbox[0]: must be an array of 4 or 6 numbers; is -180"
            ),
            (
                "[[-180,-90,180,90]]", "[[0,0,1,1],[0,0,1,1]]",
                "extent.spatial.bbox: must have one bounding box, or one around all and two or more parts; has 2"
            ),
            ("[[\"2015-06-27T10:25:31Z\",null]]", "[]", "extent.temporal.interval: must have one interval or more"),
            (
                ",null]]", "]]",
                "extent.temporal.interval[0]: must be an array of a start and an end; is [\"2015-06-27T10:25:31Z\"]"
            ),
            (
                "27T10:25:31Z", "27",
                "extent.temporal.interval[0][0]: must be null or an RFC 3339 date-time; is \"2015-06-27\""
            ),
            ("\"links\"", "\"keywords\":\"a\",\"links\"", "keywords: must be an array of strings; is \"a\""),
            ("\"links\"", "\"providers\":[{}],\"links\"", "providers[0].name: must be present"),
            ("\"links\"", "\"summaries\":{\"gsd\":[]},\"links\"", "summaries.gsd: must not be empty"),
            (
                "\"links\"", "\"summaries\":{\"gsd\":1},\"links\"",
                "summaries.gsd: must be a range, an array of values or a JSON Schema; is 1"
            ),
            ("\"links\"", "\"assets\":{\"a\":{}},\"links\"", "assets.a.href: must be present"),
            (
                "\"links\"", "\"item_assets\":{\"a\":{\"href\":\"b\",\"type\":\"c\"}},\"links\"",
                "item_assets.a.href: must not be there: it belongs to the assets of Items"
            ),
            (
                "\"links\"", "\"item_assets\":{\"a\":{\"type\":\"c\"}},\"links\"",
                "item_assets.a: must have two members or more; has 1"
            ),
        ])
    func rejects(part: String, replacement: String, issue: String) throws {
        let text = Self.minimal.replacing(part, with: replacement)
        precondition(text != Self.minimal, "\(part) is not in the Collection")
        #expect(try Self.issues(text).first == issue)
    }
}
