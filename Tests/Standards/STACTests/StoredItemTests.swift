import JSON
import STAC
import Temporal
import Testing

@Suite("Stored Items") struct StoredItemTests {
    static func stored(_ text: String, minified: Bool? = nil) throws -> (text: String, form: StoredItem) {
        let reader = JSONReader()
        return try reader.read(Array(text.utf8)) { item in
            // Something before it shows that the offset counts from the Item.
            var output = Array("before".utf8)
            let form = StoredItem(
                writing: item, collectionID: "c", isMinified: minified ?? (reader.whitespaceCount == 0), into: &output)
            return (String(decoding: output.dropFirst(6), as: UTF8.self), form)
        }
    }

    @Test(
        "have their collection and no generated links",
        arguments: [
            ("{}", "{\"collection\":\"c\",\"links\":[]}", false),
            ("{\"id\":\"a\"}", "{\"id\":\"a\",\"collection\":\"c\",\"links\":[]}", false),
            ("{\"links\":[],\"id\":1.50}", "{\"links\":[],\"id\":1.50,\"collection\":\"c\"}", false),
            ("{\"collection\":\"b\",\"links\":[]}", "{\"collection\":\"c\",\"links\":[]}", false),
            ("{\"collection\":\"c\",\"id\":1,\"links\":[]}", "{\"collection\":\"c\",\"id\":1,\"links\":[]}", false),
            (
                "{\"links\":[{\"rel\":\"self\"},{\"rel\":\"via\",\"href\":\"x\"},{\"rel\":\"root\"},{\"rel\":\"parent\"},{\"rel\":\"collection\"},{\"rel\":\"a\"}],\"collection\":\"\"}",
                "{\"links\":[{\"rel\":\"via\",\"href\":\"x\"},{\"rel\":\"a\"}],\"collection\":\"c\"}", true
            ),
            ("{\"links\":[{\"rel\":\"self\"}]}", "{\"links\":[],\"collection\":\"c\"}", false),
        ])
    func storedForm(text: String, expected: String, hasOtherLinks: Bool) throws {
        for isMinified in [true, false] {
            let (stored, form) = try Self.stored(text, minified: isMinified)
            #expect(stored == expected)
            #expect(form.hasOtherLinks == hasOtherLinks)
            #expect(stored.utf8.prefix(form.linksOffset).suffix(9).elementsEqual("\"links\":[".utf8))
        }
    }

    @Test("lose whitespace between tokens and none within")
    func whitespace() throws {
        let (stored, _) = try Self.stored("{ \"id\" : \"a b\",\n \"links\": [ { \"rel\" : \"via\" } ] }\n")
        #expect(stored == "{\"id\":\"a b\",\"links\":[{\"rel\":\"via\"}],\"collection\":\"c\"}")
    }

    @Test(
        "have times",
        arguments: [
            ("\"datetime\":\"2024-05-01T00:00:00Z\"", "2024-05-01T00:00:00Z", "2024-05-01T00:00:00Z"),
            (
                "\"datetime\":null,\"start_datetime\":\"2024-05-01T00:00:00Z\",\"end_datetime\":\"2024-05-02T00:00:00Z\"",
                "2024-05-01T00:00:00Z", "2024-05-02T00:00:00Z"
            ),
            (
                "\"datetime\":\"2024-05-01T12:00:00Z\",\"start_datetime\":\"2024-05-01 00:00:00Z\",\"end_datetime\":\"2024-05-02T00:00:00Z\"",
                "2024-05-01T00:00:00Z", "2024-05-02T00:00:00Z"
            ),
        ])
    func times(properties: String, start: String, end: String) throws {
        try JSONReader().read(Array("{\"properties\":{\(properties)}}".utf8)) { item in
            let times = try ItemTimes(of: item)
            #expect(times.start == Timestamp(start))
            #expect(times.end == Timestamp(end))
            #expect((times.datetime == nil) == properties.contains("null"))
        }
    }

    @Test("have no times without a datetime")
    func noTimes() throws {
        for text in ["{}", "{\"properties\":{}}", "{\"properties\":{\"datetime\":\"now\"}}"] {
            try JSONReader().read(Array(text.utf8)) { item in
                _ = #expect(throws: ValidationIssue.self) { try ItemTimes(of: item) }
            }
        }
    }
}
