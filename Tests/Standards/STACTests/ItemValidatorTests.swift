import JSON
import STAC
import Testing

/// The minimal Item, to be changed by each test.
let minimalItem = """
    {"type":"Feature","stac_version":"1.1.0","id":"a","geometry":{"type":"Point","coordinates":[1,2]},\
    "bbox":[1,2,1,2],"properties":{"datetime":"2024-05-01T00:00:00Z"},"links":[],"assets":{}}
    """

func itemIssues(_ text: String) throws -> [String] {
    try JSONReader(.rfc8259).read(Array(text.utf8)) { ItemValidator().issues(in: $0).map(\.description) }
}

@Suite("Item validation") struct ItemValidatorTests {
    static func changed(_ part: String, _ replacement: String) -> String {
        precondition(minimalItem.contains(part), "\(part) is not in the Item")
        return minimalItem.replacing(part, with: replacement)
    }

    @Test("the minimal Item is valid")
    func minimal() throws {
        #expect(try itemIssues(minimalItem) == [])
    }

    @Test(
        "accepts",
        arguments: [
            ("\"1.1.0\"", "\"1.0.0\""),
            ("\"1.1.0\"", "\"1.0.0-rc.4\""),
            ("\"1.1.0\"", "\"1.0.0-beta.2\""),
            ("\"1.1.0\"", "\"1.1.0-beta.1\""),
            ("\"id\":\"a\"", "\"id\":\"a/b c\\u00e9\""),
            ("\"id\"", "\"\\u0069d\""),
            ("[1,2,1,2]", "[170,-10,-170,10]"),
            ("[1,2,1,2]", "[1,2,-5,1,2,1e3]"),
            ("{\"type\":\"Point\",\"coordinates\":[1,2]},\"bbox\":[1,2,1,2]", "null"),
            ("{\"type\":\"Point\",\"coordinates\":[1,2]},\"bbox\":[1,2,1,2]", "null,\"bbox\":null"),
            ("\"2024-05-01T00:00:00Z\"", "\"2024-05-01T00:00:00.123456789+00:00\""),
            ("\"2024-05-01T00:00:00Z\"", "\"2024-05-01 00:00:00+00:00\""),
            (
                "\"2024-05-01T00:00:00Z\"",
                "null,\"start_datetime\":\"2024-05-01T00:00:00Z\",\"end_datetime\":\"2024-05-01T00:00:00Z\""
            ),
            ("\"links\":[]", "\"collection\":\"c\",\"links\":[]"),
            ("\"links\":[]", "\"collection\":\"c\",\"links\":[{\"rel\":\"collection\",\"href\":\"./c\"}]"),
            (
                "\"links\":[]",
                "\"links\":[{\"rel\":\"x\",\"href\":\"y\",\"method\":\"POST\",\"headers\":{\"a\":[\"b\"]}}]"
            ),
            ("\"assets\":{}", "\"assets\":{\"B02\":{\"href\":\"b\",\"roles\":[],\"gsd\":10,\"type\":\"image/tiff\"}}"),
            ("\"assets\":{}", "\"assets\":{\"B02\":{\"href\":\"b\",\"bands\":[{\"name\":\"b\",\"nodata\":\"nan\"}]}}"),
            ("Z\"}", "Z\",\"instruments\":[\"msi\"],\"license\":\"CC-BY-4.0\",\"gsd\":0.3,\"eo:cloud_cover\":null}"),
        ])
    func accepts(part: String, replacement: String) throws {
        #expect(try itemIssues(Self.changed(part, replacement)) == [])
    }

    @Test(
        "rejects, with path and reason",
        arguments: [
            ("\"type\":\"Feature\",", "", "type: must be present, as \"Feature\""),
            ("\"Feature\"", "\"Collection\"", "type: must be \"Feature\"; is \"Collection\""),
            (
                "\"1.1.0\"", "\"0.9.0\"",
                "stac_version: must be 1.0.0 or 1.1.0; is \"0.9.0\", which has to be migrated first (--migrate)"
            ),
            ("\"1.1.0\"", "\"1.2.0\"", "stac_version: must be 1.0.0 or 1.1.0; is \"1.2.0\""),
            ("\"1.1.0\"", "\"1.1.01\"", "stac_version: must be 1.0.0, 1.1.0 or a pre-release of them; is \"1.1.01\""),
            ("\"1.1.0\"", "1.1", "stac_version: must be the string 1.0.0 or 1.1.0; is 1.1"),
            ("\"id\":\"a\",", "", "id: must be present"),
            ("\"id\":\"a\"", "\"id\":\"\"", "id: must not be empty"),
            ("\"id\":\"a\"", "\"id\":7", "id: must be a string; is 7"),
            ("\"id\":\"a\"", "\"id\":\"a\\u0007\"", "id: must not hold control characters; is \"a\\u0007\""),
            (
                "\"id\":\"a\"", "\"id\":\"\(String(repeating: "x", count: 1_025))\"",
                "id: must be no longer than 1,024 bytes; has 1025"
            ),
            (
                "\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,2]},", "",
                "geometry: must be present, if only as null"
            ),
            ("{\"type\":\"Point\",\"coordinates\":[1,2]}", "3", "geometry: must be a GeoJSON geometry or null; is 3"),
            ("{\"type\":\"Point\",", "{", "geometry.type: must be a string, the type of the geometry"),
            (",\"bbox\":[1,2,1,2]", "", "bbox: must be present, as there is a geometry"),
            ("{\"type\":\"Point\",\"coordinates\":[1,2]}", "null", "bbox: must be left out when geometry is null"),
            ("[1,2,1,2]", "[1,2,1]", "bbox: must have 4 or 6 numbers; has 3"),
            ("[1,2,1,2]", "{}", "bbox: must be an array of 4 or 6 numbers; is an object"),
            ("[1,2,1,2]", "[1,2,\"1\",2]", "bbox[2]: must be a number; is \"1\""),
            ("[1,2,1,2]", "[1,2,1e999,2]", "bbox[2]: must be a number; is 1e999"),
            ("[1,2,1,2]", "[1,3,1,2]", "bbox: must have south at or below north; is [1,3,1,2]"),
            ("[1,2,1,2]", "[1,3,0,1,2,9]", "bbox: must have south at or below north; is [1,3,0,1,2,9]"),
            ("{\"datetime\":\"2024-05-01T00:00:00Z\"}", "[]", "properties: must be an object; is []"),
            ("\"datetime\":\"2024-05-01T00:00:00Z\"", "", "properties.datetime: must be present, if only as null"),
            (
                "2024-05-01T00:00:00Z", "2020-13-01",
                "properties.datetime: must be null or an RFC 3339 date-time; is \"2020-13-01\""
            ),
            (
                "2024-05-01T00:00:00Z", "2024-05-01T02:00:00+02:00",
                "properties.datetime: must be in UTC, ending in Z or +00:00; is \"2024-05-01T02:00:00+02:00\""
            ),
            (
                "2024-05-01T00:00:00Z", "2024-05-01 00:00:00,5Z",
                "properties.datetime: must be null or an RFC 3339 date-time; is \"2024-05-01 00:00:00,5Z\""
            ),
            (
                "\"2024-05-01T00:00:00Z\"", "null",
                "properties.start_datetime: must be present with end_datetime, as datetime is null"
            ),
            (
                "Z\"}", "Z\",\"start_datetime\":\"2024-05-01T00:00:00Z\"}",
                "properties.end_datetime: must be present, as start_datetime is"
            ),
            (
                "Z\"}", "Z\",\"start_datetime\":\"2024-05-02T00:00:00Z\",\"end_datetime\":\"2024-05-01T00:00:00Z\"}",
                "properties.end_datetime: must not be before start_datetime; is \"2024-05-01T00:00:00Z\""
            ),
            ("Z\"}", "Z\",\"created\":null}", "properties.created: must be an RFC 3339 date-time; is null"),
            ("Z\"}", "Z\",\"gsd\":0}", "properties.gsd: must be a number above 0; is 0"),
            ("Z\"}", "Z\",\"platform\":[]}", "properties.platform: must be a string; is []"),
            ("Z\"}", "Z\",\"instruments\":[\"a\",1]}", "properties.instruments[1]: must be a string; is 1"),
            (
                "Z\"}", "Z\",\"license\":\"CC BY\"}",
                "properties.license: must be an SPDX identifier, \"other\" or the like, of letters, digits and -_.+; is \"CC BY\""
            ),
            (
                "Z\"}", "Z\",\"providers\":[{\"roles\":[\"chef\"]}]}",
                "properties.providers[0].roles[0]: must be producer, licensor, processor or host; is \"chef\""
            ),
            ("Z\"}", "Z\",\"bands\":[]}", "properties.bands: must not be there unless an asset has bands"),
            ("\"links\":[],", "", "links: must be present, if only as []"),
            (
                "\"links\":[]", "\"links\":[{\"rel\":\"a\",\"href\":\"b\"},{\"rel\":\"a\"}]",
                "links[1].href: must be present"
            ),
            ("\"links\":[]", "\"links\":[{\"rel\":1,\"href\":\"b\"}]", "links[0].rel: must be a string; is 1"),
            (
                "\"links\":[]", "\"links\":[{\"rel\":\"a\",\"href\":\"b\",\"method\":\"get\"}]",
                "links[0].method: must be an HTTP method in capitals; is \"get\""
            ),
            (
                "\"links\":[]", "\"links\":[{\"rel\":\"collection\",\"href\":\"b\"}]",
                "collection: must be present, as there is a link with rel \"collection\""
            ),
            ("\"links\":[]", "\"links\":[],\"collection\":null", "collection: must be a string; is null"),
            (",\"assets\":{}", "", "assets: must be present, if only as {}"),
            ("\"assets\":{}", "\"assets\":[]", "assets: must be an object; is []"),
            ("\"assets\":{}", "\"assets\":{\"B02\":{}}", "assets.B02.href: must be present"),
            ("\"assets\":{}", "\"assets\":{\"B02\":{\"href\":\"\"}}", "assets.B02.href: must not be empty"),
            (
                "\"assets\":{}", "\"assets\":{\"B02\":{\"href\":\"b\",\"roles\":\"data\"}}",
                "assets.B02.roles: must be an array of strings; is \"data\""
            ),
            (
                "\"assets\":{}", "\"assets\":{\"a\":{\"href\":\"b\",\"statistics\":{\"valid_percent\":101}}}",
                "assets.a.statistics.valid_percent: must lie between 0.0 and 100.0; is 101"
            ),
            (
                "\"assets\":{}", "\"assets\":{\"a\":{\"href\":\"b\",\"data_type\":\"byte\"}}",
                "assets.a.data_type: must be a data type such as uint16 or float32, or \"other\"; is \"byte\""
            ),
            (
                "\"id\"", "\"stac_extensions\":[\"a\",\"b\",\"a\"],\"id\"",
                "stac_extensions[2]: must not occur twice; \"a\" does"
            ),
        ])
    func rejects(part: String, replacement: String, issue: String) throws {
        #expect(try itemIssues(Self.changed(part, replacement)).first == issue)
    }

    @Test("a value that is no object is rejected", arguments: ["null", "[]", "\"Feature\""])
    func noObject(text: String) throws {
        #expect(try itemIssues(text) == ["must be an object; is \(text)"])
    }

    @Test("rules of 1.1.0 do not hold for 1.0.0")
    func olderVersion() throws {
        let item = Self.changed("Z\"}", "Z\",\"bands\":[],\"keywords\":1,\"description\":\"\",\"statistics\":3}")
        #expect(try itemIssues(item).count == 4)
        #expect(try itemIssues(item.replacing("1.1.0", with: "1.0.0")) == [])
    }

    @Test("finds as many issues as it is asked for")
    func limit() throws {
        try JSONReader().read(Array("{}".utf8)) { item in
            #expect(ItemValidator().issues(in: item).count == 7)
            #expect(ItemValidator().issues(in: item, limit: 2).count == 2)
            #expect(ItemValidator().firstIssue(in: item)?.path == "type")
        }
    }

    @Test("ids that URLs drop are rejected", arguments: [".", "..", "%2e", "%2E%2e", ".%2E", "\\u002e"])
    func dotSegments(id: String) throws {
        let issues = try itemIssues(Self.changed("\"id\":\"a\"", "\"id\":\"\(id)\""))
        #expect(
            issues == ["id: must not be \"\(id)\": clients drop such a segment from URLs (RFC 3986, section 5.2.4)"])
    }

    @Test("ids with dots among other characters are none of those", arguments: ["...", ".a", "a..", "%2f", "2e"])
    func dots(id: String) throws {
        #expect(try itemIssues(Self.changed("\"id\":\"a\"", "\"id\":\"\(id)\"")) == [])
    }
}
