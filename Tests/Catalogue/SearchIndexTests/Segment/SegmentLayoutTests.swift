import Foundation
import JSON
import STACAPI
import TestKit
import Testing

@testable import SearchIndex

@Suite("A segment's layout") struct SegmentLayoutTests {
    /// A complete file with another layout and the right checksums.
    private func open(_ segment: Segment, layout json: JSONValue) throws -> Segment {
        let lengthOffset = segment.bytes.count - SegmentWriter.magic.count - 16
        let sectionsCount = segment.bytes.loadUnaligned(fromByteOffset: lengthOffset, as: UInt64.self)
        let sections = Array(segment.bytes.prefix(Int(UInt64(littleEndian: sectionsCount))))
        let bytes = sections + SegmentWriter.footer(json, of: sections)
        return try withTemporaryDirectory(holding: ["layout": bytes]) { directory in
            try Segment(path: directory.path("layout"), fileName: "layout")
        }
    }

    private func segment() throws -> Segment {
        try Segment.holding(
            properties: (0..<20).map {
                "\"n\":\($0),\"s\":\"x\($0 % 3)\",\"title\":\"Scene \($0)\",\"b\":true,\"t\":\"2020-01-\(10 + $0)T00:00:00Z\""
            })
    }

    @Test("reads as it was written")
    func roundTrip() throws {
        let segment = try segment()
        #expect(try open(segment, layout: segment.layout.json).layout.json == segment.layout.json)
    }

    @Test(
        "with any of its numbers replaced is refused when it is opened or validated, or can be read without leaving the file"
    )
    func hostileNumbers() throws {
        let segment = try segment()
        let count = try numbers(in: segment.layout.json)
        var readable = 0
        for target in 0..<count {
            for hostile in [-1, 0, 1, 63, 4_096, 1 << 32, .max, .min, .max - 63, .max - 7] {
                var next = 0
                let layout = replacing(segment.layout.json, number: target, by: hostile, &next)
                guard let opened = try? open(segment, layout: layout), (try? opened.validate()) != nil else { continue }
                readAll(opened)
                readable += 1
            }
        }
        // Some numbers may be others without harm.
        #expect(readable > 0)
    }

    /// Whatever a search may look at.
    private func readAll(_ segment: Segment) {
        for row in segment.rows {
            _ = (segment.id(row), segment.box(row), segment.geometry(row).map { $0 }, segment.times[row])
            for column in segment.columns.values { _ = column.sortValue(row) }
            #expect(segment.timeRank(time: segment.times[row], id: "7") <= segment.rowCount)
        }
        for column in segment.columns.values {
            var rows = Bitmap(count: segment.rowCount, filled: true)
            column.number?.keep(3...5, in: &rows)
            column.timestamp?.keep(0...1_600_000_000_000_000, in: &rows)
            column.string?.keep(0..<2, in: &rows)
            #expect(rows.population <= segment.rowCount)
        }
        for phrase in ["scene", "scene 3", "x1"].compactMap({ FreeTextPhrase($0) }) {
            #expect(segment.rows(matching: .phrase(phrase)).population <= segment.rowCount)
        }
    }

    /// With so many texts that positions of words are written; in one cell each or in several.
    private func segmentWithPositions(words: Int) throws -> Segment {
        try Segment.holding(
            properties: (0..<1_100).map { number in
                let words = (0..<words).map { "x\($0 * number % 7)" }.joined(separator: " ")
                return "\"title\":\"Scene \(number) \(words)\""
            })
    }

    @Test("with other positions of words is refused, or can be read without leaving the file", arguments: [2, 80])
    func hostilePositions(words: Int) throws {
        let segment = try segmentWithPositions(words: words)
        var object = try #require(segment.layout.json.object)
        let positions = try #require(object["wordPositions"])
        #expect(positions[1]?.isNull == (words < 64))
        for target in try 0..<numbers(in: positions) {
            for hostile in [-1, 0, 1, 64, 4_096, 65_536, 1 << 32, .max, .min] {
                var next = 0
                object["wordPositions"] = replacing(positions, number: target, by: hostile, &next)
                guard let opened = try? open(segment, layout: .object(object)), (try? opened.validate()) != nil
                else { continue }
                for text in ["x0 x0", "scene x1", "x1 x2 x3", "3 x3"] {
                    let phrase = try #require(FreeTextPhrase(text))
                    #expect(opened.rows(matching: .phrase(phrase)).population <= segment.rowCount)
                }
            }
        }
    }

    @Test("with another place of hash values is refused, or can be read without leaving the file")
    func hostileHashes() throws {
        let segment = try Segment.holding(properties: (0..<1_100).map { "\"s\":\"x\($0)\"" })
        let column = try #require(segment.layout.columns.first { $0.name == "s" })
        let hashes = try #require(column.parts[0].dictionaryHashes)
        for target in 0..<2 {
            for hostile in [-1, 0, 1, 64, 1_099, 65_536, 1 << 32, .max, .min, .max - 63] {
                var part = try #require(column.parts[0].json.array)
                part[12] = target == 0 ? [JSONValue(hostile), 1_100] : [JSONValue(hashes.offset), JSONValue(hostile)]
                var object = try #require(segment.layout.json.object)
                object["columns"] = [["s", [.array(part)]]]
                guard let opened = try? open(segment, layout: .object(object)), (try? opened.validate()) != nil,
                    let strings = opened.column("s")?.string
                else { continue }
                let source = TermSource(
                    .init(part: strings, rows: MatchingRows(.all, of: opened, collection: "alpha")))
                var count = 0
                source.forEachHash(in: 0..<1_100, seed: nil) { _, occurrences, _ in count += Int(occurrences) }
                #expect(count == 1_100)
            }
        }
    }

    @Test("without positions of words gives the same results", arguments: [2, 80])
    func withoutPositions(words: Int) throws {
        let segment = try segmentWithPositions(words: words)
        var object = try #require(segment.layout.json.object)
        object["wordPositions"] = nil
        let plain = try open(segment, layout: .object(object))
        try plain.validate()
        for text in ["x0", "x0 x0", "scene 7 x0", "x1 x2 x3", "x6 x6 x6", "7 scene"] {
            let phrase = try #require(FreeTextPhrase(text))
            #expect(plain.rows(matching: .phrase(phrase)) == segment.rows(matching: .phrase(phrase)), "\(text)")
        }
    }

    @Test(
        "without any of its members is refused",
        arguments: ["rows", "located", "ranges", "sections", "tree", "columns"])
    func lacking(member: String) throws {
        let segment = try segment()
        var object = try #require(segment.layout.json.object)
        object[member] = nil
        let layout = JSONValue.object(object)
        #expect(throws: SegmentError.self) { try open(segment, layout: layout) }
    }

    private func numbers(in value: JSONValue) throws -> Int {
        var next = 0
        _ = replacing(value, number: -1, by: 0, &next)
        return next
    }

    private func replacing(_ value: JSONValue, number: Int, by other: Int, _ next: inout Int) -> JSONValue {
        switch value {
        case .number:
            next += 1
            return next - 1 == number ? JSONValue(other) : value
        case .array(let elements):
            return .array(elements.map { replacing($0, number: number, by: other, &next) })
        case .object(let object):
            var result = JSONObject()
            for member in object { result[member.name] = replacing(member.value, number: number, by: other, &next) }
            return .object(result)
        default: return value
        }
    }
}
