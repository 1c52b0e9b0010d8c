import JSON
import Parquet
import STACGeoParquet
import TestDocuments
import TestKit
import Testing

@Suite("Items in files and back") struct RoundTripTests {
    @Test("come back as they were, whatever they hold", arguments: TestRounds.seeds(20))
    func law(seed: Int) throws {
        var random = RandomItem(seed: seed)
        let items = (0..<(seed % 7 == 0 ? 700 : 40)).map { random.item($0) }
        try expectRoundTrip(items, "seed \(seed)")
    }

    @Test(
        "come back from any size of row groups, pages and slices",
        arguments: [(7, 3, 1), (40, 1, 1 << 14), (16, 100, 0)])
    func pieces(rowGroupRows: Int, pageRowCount: Int, sliceByteLimit: Int) throws {
        var random = RandomItem(seed: 3)
        let items = (0..<100).map { random.item($0) }
        var settings = WriterSettings()
        settings.pageRowCount = pageRowCount
        settings.pageByteCount = 1
        settings.compression = .uncompressed
        try expectRoundTrip(
            items, "\(rowGroupRows) \(pageRowCount)", settings, rowGroupRows: rowGroupRows,
            sliceByteLimit: sliceByteLimit)
    }

    @Test("more properties than columns can be come back")
    func manyNames() throws {
        let items = (0..<400).map { index in
            let own = (0..<5).map { "\"p\(index * 5 + $0)\":{\"x\":\($0)}" }.joined(separator: ",")
            return
                "{\"id\":\"\(index)\",\"geometry\":null,\"properties\":{\"datetime\":\"2020-01-01T00:00:00Z\",\(own)}}"
        }
        try expectRoundTrip(items.map { try JSONValue(parsing: $0) }, "many names")
    }

    /// Each with one thing that others do not have.
    static let small = [
        "{}", #""geometry":null"#, #""properties":{}"#, #""properties":null"#, #""properties":{"datetime":null}"#,
        #""properties":{"datetime":"2020-01-01T00:00:00Z"}"#, #""properties":{"datetime":"2020-01-01T00:00:00.5Z"}"#,
        #""properties":{"datetime":"soon"}"#, #""properties":{"a":1}"#, #""properties":{"a":null}"#,
        #""properties":{"a":0.5}"#, #""properties":{"a":9007199254740993}"#, #""properties":{"a":{}}"#,
        #""properties":{"a":{"b":null}}"#, #""properties":{"a":[]}"#, #""properties":{"a":[null]}"#,
        #""properties":{"a":[{"b":1},{},{"b":null}]}"#, #""properties":{"id":1}"#, #""properties":{"id":null}"#,
        #""properties":{"proj:geometry":null}"#,
        #""properties":{"proj:geometry":{"type":"Point","coordinates":[1,2]}}"#,
        #""properties":{"proj:geometry":{"type":"Point","coordinates":[]}}"#, #""properties":{"proj:geometry":"x"}"#,
        #""bbox":[1,2,3,4]"#, #""bbox":[1,2,3,4,5,6]"#, #""bbox":null"#, #""bbox":[]"#, #""links":null"#,
        #""links":[]"#,
        #""links":[null]"#, #""links":[{}]"#, #""links":[{"title":null}]"#, #""assets":null"#, #""assets":{}"#,
        #""assets":{"a":null}"#, #""assets":{"a":{}}"#, #""assets":{"a":{"href":"x"}}"#, #""assets":[]"#, #""other":1"#,
        #""other":null"#, #""type":null"#, #""collection":"c""#, #""stac_extensions":[]"#, #""stac_extensions":[null]"#,
        #""geometry":{"type":"Point","coordinates":[1,2]}"#, #""geometry":{"type":"Point","coordinates":[1]}"#,
    ]

    @Test("two small Items come back from a file of theirs", arguments: small)
    func pairs(first: String) throws {
        for second in Self.small {
            let texts = [first, second].enumerated().map { index, members in
                members == "{}" ? "{\"id\":\"\(index)\"}" : "{\"id\":\"\(index)\",\(members)}"
            }
            for whole in [false, true] {
                // As above, or with all that an Item needs.
                let items = try texts.map { text in
                    var item = try JSONValue(parsing: text).object ?? JSONObject()
                    if whole, item["geometry"] == nil { item["geometry"] = JSONValue.null }
                    if whole, item["properties"] == nil { item["properties"] = ["datetime": nil] }
                    return JSONValue.object(item)
                }
                do {
                    try expectRoundTrip(items, "\(texts)")
                } catch {
                    Issue.record("\(texts): \(error)")
                }
            }
        }
    }

    /// The Items in a folder's documents, by document.
    private func documentItems(in folder: DocumentFolder) throws -> [(path: String, items: [JSONValue])] {
        try folder.documents(in: "stac", endingIn: "json").compactMap { document in
            var items: [JSONValue] = []
            // Not all of them are JSON, or Items.
            try? document.forEach("Feature") { _, item, _ in items.append(item.value()) }
            return items.isEmpty ? nil : (document.path, items)
        }
    }

    @Test("real Items are there", .withSharedDocuments)
    func shared() throws {
        #expect(try documentItems(in: #require(DocumentFolder.shared)).count > 100)
    }

    @Test("Items of documents come back", arguments: DocumentFolder.all)
    func realItems(folder: DocumentFolder) throws {
        for (path, items) in try documentItems(in: folder) { try expectRoundTrip(items, path) }
    }

    @Test("Items of all documents share a file", arguments: DocumentFolder.all)
    func mixedItems(folder: DocumentFolder) throws {
        let items = try documentItems(in: folder).flatMap(\.items)
        #expect(items.count > 5)
        try expectRoundTrip(items, "all")
    }

    @Test("an Item that the columns do not suit is a mismatch, or comes back whole")
    func sample() throws {
        var misfits = 0
        let seeds = TestRounds.seeds(20)
        for seed in seeds {
            var random = RandomItem(seed: seed)
            let items = (0..<30).map { random.item($0) }
            let texts = items.map { $0.serialized() }
            for (item, text) in zip(items, texts) {
                do {
                    let back = try STACGeoParquetTests.items(try itemFile([text], sample: Array(texts.prefix(10))))
                    #expect(difference(item, back[0]) == nil, "seed \(seed)")
                } catch is ItemRowBuilder.SchemaMismatch {
                    misfits += 1
                }
            }
        }
        #expect(misfits > 2 * seeds.count)
    }

    @Test("a schema for the Items of two others suits both, or says that it does not")
    func union() throws {
        let reader = JSONReader()
        var counts = (sound: 0, misfits: 0)
        let seeds = TestRounds.seeds(20)
        for seed in seeds {
            var random = RandomItem(seed: seed)
            let items = (0..<16).map { random.item($0) }
            let texts = items.map { $0.serialized() }
            let schemas = try [texts.prefix(8), texts.suffix(8)].map { texts in
                let shape = ItemShape()
                for text in texts { try reader.read(text) { shape.add($0) } }
                return ItemSchema(shape)
            }
            let schema = schemas[0].union(schemas[1])
            #expect(try ItemSchema(JSONValue(parsing: schema.json.jsonText)) == schema)
            for (item, text) in zip(items, texts) {
                do {
                    let back = try STACGeoParquetTests.items(itemFile([text], schema: schema))
                    #expect(difference(item, back[0]) == nil, "seed \(seed)")
                    counts.sound += 1
                } catch is ItemRowBuilder.SchemaMismatch {
                    counts.misfits += 1
                }
            }
        }
        #expect(counts.sound > 11 * seeds.count, "\(counts)")
    }

    @Test("names and texts with escapes of every kind come back")
    func escapes() throws {
        let texts = [
            #"{"type":"Feature","id":"\u0061\/\ud83d\ude80","geometry":null,"properties":{"datetime":null,"\u0061":"\t\u0000","x\/y~z":{"\"":1}},"links":[],"assets":{"\u00fc":{"href":"\\"}}}"#,
            #"{"\u0069d":"b","geometry":null,"properties":{"\u0064atetime":"2020-01-01T00:00:00\u005a","a":null},"assets":{}}"#,
        ]
        try expectRoundTrip(texts.map { try JSONValue(parsing: $0) }, "escapes", texts: texts.map { Array($0.utf8) })
    }

    private func expectRoundTrip(
        _ items: [JSONValue], _ name: String, _ settings: WriterSettings = WriterSettings(), texts: [[UInt8]]? = nil,
        rowGroupRows: Int = 1_000_000, sliceByteLimit: Int = 128 << 20
    ) throws {
        let file = try itemFile(texts ?? items.map { $0.serialized() }, settings: settings, rowGroupRows: rowGroupRows)
        let back = try STACGeoParquetTests.items(file, sliceByteLimit: sliceByteLimit)
        #expect(back.count == items.count, "\(name)")
        var shown = 0
        for (index, (item, back)) in zip(items, back).enumerated() {
            guard shown < 3, let difference = difference(item, back) else { continue }
            shown += 1
            Issue.record("\(name), Item \(index): \(difference)")
        }
    }
}
