import JSON
import STACAPI
import Temporal
import Testing

@testable import SearchIndex

@Suite("Column batch") struct ColumnBatchTests {
    private func append(_ text: String, to batch: inout ColumnBatch) throws {
        try JSONReader(.rfc8259).read(Array(text.utf8)) { try batch.append(item: $0) }
    }

    static let unusable: [(text: String, path: String)] = [
        ("{}", "id"), ("{\"id\":\"a\"}", "id"),
        ("{\"id\":\"a\",\"geometry\":null,\"properties\":{}}", "properties.datetime"),
        ("{\"id\":\"a\",\"geometry\":null,\"properties\":{\"datetime\":null}}", "properties.datetime"),
        ("{\"id\":\"a\",\"geometry\":null,\"properties\":{\"datetime\":\"2020-01-01\"}}", "properties.datetime"),
        ("{\"id\":\"a\",\"geometry\":1,\"properties\":{\"datetime\":\"2020-01-01T00:00:00Z\"}}", "geometry"),
        (
            "{\"id\":\"a\",\"geometry\":null,\"properties\":{\"datetime\":\"2020-01-01T00:00:00Z\",\"x\":1,\"x\":2}}",
            "properties.x"
        ),
    ]

    @Test("refuses what it cannot index and is then as before", arguments: unusable)
    func refuses(text: String, path: String) throws {
        var batch = ColumnBatch()
        try append(SmallCatalogue.item("first", "\"x\":1"), to: &batch)
        let error = try #require(throws: IndexingError.self) { try append(text, to: &batch) }
        #expect(error.path == path)
        try append(SmallCatalogue.item("second", "\"y\":2"), to: &batch)
        #expect(batch.count == 2)
        let segment = Segment(batch.stored(as: [1, 2]), rows: [0, 1])
        #expect((0..<2).map { segment.id($0) } == ["first", "second"])
        #expect((0..<2).map { segment.column("x")?.sortValue($0) } == [.number(1), .missing])
        #expect((0..<2).map { segment.column("y")?.sortValue($0) } == [.missing, .number(2)])
    }

    static let spans: [(properties: String, start: Int64, end: Int64, time: Int64)] = [
        ("\"datetime\":\"1970-01-01T00:00:05Z\"", 5, 5, 5),
        (
            "\"datetime\":null,\"start_datetime\":\"1970-01-01T00:00:01Z\",\"end_datetime\":\"1970-01-01T00:00:09Z\"",
            1, 9, 1
        ),
        (
            "\"end_datetime\":\"1970-01-01T00:00:09Z\",\"start_datetime\":\"1970-01-01T00:00:01Z\","
                + "\"datetime\":\"1970-01-01T00:00:05Z\"", 1, 9, 5
        ),
    ]

    @Test("takes an Item's times from its properties", arguments: spans)
    func times(properties: String, start: Int64, end: Int64, time: Int64) throws {
        var batch = ColumnBatch()
        try append("{\"id\":\"a\",\"geometry\":null,\"properties\":{\(properties)}}", to: &batch)
        #expect([batch.starts[0], batch.ends[0], batch.times[0]] == [start, end, time].map { $0 * 1_000_000 })
    }

    @Test("takes some rows of another batch")
    func someRows() throws {
        var other = ColumnBatch()
        for (number, name) in ["p", "q", "p", "r"].enumerated() {
            try append(SmallCatalogue.item("i\(number)", "\"\(name)\":\"s\(number)\""), to: &other)
        }
        for rows in [[0], [3, 1], [0, 1, 2, 3], []] {
            var batch = ColumnBatch()
            try append(SmallCatalogue.item("own", "\"r\":\"own\""), to: &batch)
            batch.append(rows, of: other, sequences: rows.map { Int64($0) + 10 })
            #expect((0..<batch.count).map { batch.id($0) } == ["own"] + rows.map { "i\($0)" })
            let segment = Segment(batch, rows: Array(0..<batch.count))
            for (place, row) in rows.enumerated() {
                #expect(segment.column(["p", "q", "p", "r"][row])?.sortValue(place + 1) == .string("s\(row)"))
                #expect(segment.sequences[place + 1] == Int64(row) + 10)
            }
            #expect(segment.column("r")?.sortValue(0) == .string("own"))
        }
    }
}
