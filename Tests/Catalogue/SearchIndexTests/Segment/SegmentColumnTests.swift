import JSON
import STACAPI
import Temporal
import TestKit
import Testing

@testable import SearchIndex

@Suite("Columns keep values exactly") struct SegmentColumnTests {
    static let numberColumns: [[Double]] = [
        [0], [7], [-3], [0, 1, 2], [0, 255], [0, 256], [-128, 127], [0, 65_535], [0, 65_536], [0, 4_294_967_295],
        [0, 4_294_967_296], [-0.0], [0, -0.0], [-0.0, 0.5], [0.1, 0.2, 0.3], [12.34, -56.78], [0.000001, 0.999999],
        [0.0000001], [1.5, 1e15], [1e15], [-1e300, 1e300], [.greatestFiniteMagnitude], [.leastNonzeroMagnitude],
        [1.0 / 3], [99.99, 100], [4_503_599_627_370_497], [9_007_199_254_740_992], [123_456.789], [2.675, 1.005],
    ]

    @Test("numbers", arguments: numberColumns)
    func numbers(values: [Double]) throws {
        let segment = try segment(values.map { "\($0)" })
        let part = try #require(segment.column("v")?.number)
        #expect(segment.rows.map { part[$0].bitPattern } == values.map(\.bitPattern))
        #expect(part.minimum == values.min() && part.maximum == values.max())
        let isIntegral = values.allSatisfy { $0 == $0.rounded() }
        if part.holdsIntegersOnly { #expect(isIntegral) }
    }

    @Test("ranges of numbers are those of the values", arguments: numberColumns)
    func numberRanges(values: [Double]) throws {
        let segment = try segment(values.map { "\($0)" })
        let part = try #require(segment.column("v")?.number)
        let bounds = values.flatMap { [$0.nextDown, $0, $0.nextUp] } + [-.infinity, .infinity, 0, 0.15, 1e9]
        for low in bounds {
            for high in bounds where low <= high {
                var rows = Bitmap(count: segment.rowCount, filled: true)
                part.keep(low...high, in: &rows)
                #expect(
                    (0..<segment.rowCount).allSatisfy { rows[$0] == (low...high).contains(part[$0]) },
                    "\(low)...\(high)")
            }
        }
    }

    @Test("ranges over several blocks of rows", arguments: [100, 40_000, 5_000_000])
    func blocks(span: Int) throws {
        var random = SeededGenerator(seed: span)
        // Neighbours are alike, as in a segment: some blocks lie inside a range, some outside, some across its ends.
        let values = (0..<5_000).map { Double($0 * span / 5_000 + random.integer(0...span / 20)) }
        let segment = try segment(values.map { "\($0)" })
        let part = try #require(segment.column("v")?.number)
        for _ in 0..<60 {
            let low = Double(random.integer(-10...span))
            let range = low...low + Double(random.integer(0...span))
            var rows = Bitmap(count: segment.rowCount)
            let start = random.chance(50) ? 0 : random.integer(0...4_999)
            rows.insert(start..<random.integer(start...5_000))
            let before = rows
            part.keep(range, in: &rows)
            #expect(
                (0..<segment.rowCount).allSatisfy { rows[$0] == (before[$0] && range.contains(part[$0])) }, "\(range)")
        }
    }

    @Test("random numbers of up to six digits are kept as integers")
    func digits() throws {
        var random = SeededGenerator(seed: 1)
        for digits in 0...6 {
            let power = ColumnEncoder.powersOfTen[digits]
            let values = (0..<200).map { _ in Double(random.integer(-1_000_000...1_000_000)) / power }
            let segment = try segment(values.map { "\($0)" })
            let part = try #require(segment.layout.columns.first { $0.name == "v" }?.parts.first)
            #expect(part.encoding == .unsigned32 && part.digits <= digits)
            let column = try #require(segment.column("v")?.number)
            #expect(segment.rows.map { column[$0] } == values)
        }
    }

    @Test("texts that are times are kept as instants, whatever their spelling")
    func timestamps() throws {
        let texts = RandomValue.timestamps + RandomValue.lenientTimestamps
        let segment = try segment(texts.map { "\"\($0)\"" })
        let part = try #require(segment.column("v")?.timestamp)
        let instants = try texts.map { try #require(Timestamp($0, .lenient)).microseconds }
        #expect(segment.rows.map { part[$0] } == instants)
        #expect(part.minimum == instants.min() && part.maximum == instants.max())
        #expect(segment.column("v")?.string == nil)
    }

    @Test("strings", arguments: [["a"], ["", "a", ""], RandomValue.strings, (0..<600).map { String($0 % 500) }])
    func strings(texts: [String]) throws {
        let segment = try segment(texts.map { RandomValue.quoted($0) })
        let part = try #require(segment.column("v")?.string)
        #expect(segment.rows.map { Array(part[$0].utf8) } == texts.map { Array($0.utf8) })
        #expect(part.dictionary.count == Set(texts.map { Array($0.utf8) }).count)
    }

    @Test(
        "more strings than 16 bits can number",
        .enabled(if: TestRounds.isLong, "one of the long tests"))
    func manyStrings() throws {
        try strings(texts: (0..<70_000).map { String($0 % 66_000) })
    }

    @Test("strings of more than 4,096 bytes are left to the Item's body")
    func longStrings() throws {
        let segment = try segment(["\"\(RandomValue.long[0])\"", "\"\(RandomValue.long[1])\""])
        let column = try #require(segment.column("v"))
        #expect(column.string?.presence.population == 1 && column.complex?.population == 1)
    }

    @Test("values of every type in one column, some missing")
    func mixed() throws {
        var random = SeededGenerator(seed: 2)
        let pool: [(json: String, value: SortValue)] = [
            ("null", .missing), ("true", .bool(true)), ("false", .bool(false)), ("1.5", .number(1.5)),
            ("-7", .number(-7)), ("\"a\"", .string("a")), ("\"b\"", .string("b")), ("[1]", .missing), ("{}", .missing),
            ("\"2020-01-01T00:00:00Z\"", .timestamp(Timestamp(microseconds: 1_577_836_800_000_000))),
            ("1e999", .missing),
        ]
        for count in [1, 2, 63, 64, 65, 300] {
            let chosen = (0..<count).map { _ in random.pick(pool) }
            let segment = try segment(chosen.map(\.json))
            guard let column = segment.column("v") else {
                #expect(chosen.allSatisfy { $0.json == "null" })
                continue
            }
            #expect(segment.rows.map { column.sortValue($0) } == chosen.map(\.value))
            let complex = chosen.count { $0.value == .missing && $0.json != "null" }
            #expect(column.complex?.population ?? 0 == complex)
        }
    }

    private func segment(_ values: [String]) throws -> Segment {
        try Segment.holding(properties: values.map { "\"v\":\($0)" })
    }
}

extension Segment {
    /// Items with these members of `properties`; they have no geometry and hence stand in this order.
    static func holding(properties: [String]) throws -> Segment {
        var batch = ColumnBatch()
        let reader = JSONReader(.rfc8259)
        for (number, members) in properties.enumerated() {
            let times = "\"datetime\":\"2020-01-01T00:00:00Z\""
            let text = "{\"id\":\"\(number)\",\"geometry\":null,\"properties\":{\(times),\(members)}}"
            try reader.read(Array(text.utf8)) { try batch.append(item: $0) }
        }
        let rows = Array(0..<batch.count)
        return Segment(batch.stored(as: rows.map { Int64($0) + 1 }), rows: rows)
    }

    var rows: Range<Int> { 0..<rowCount }

    func column(_ name: String) -> SegmentColumn? { columns[ColumnName(name)] }
}
