import CQL2
import JSON
import Testing

@Suite("Suite of cql2-rs", .enabled(if: SharedData.isPresent, SharedData.isMissing))
struct CQL2RsTests {
    /// Each file holds an input, its normalised text, and its JSON, where numbers may be written otherwise.
    @Test("has the same JSON for the standard's examples", arguments: SharedData.names(in: "cql2-rs-expected"))
    func normalised(name: String) throws {
        let lines = try SharedData.text("cql2-rs-expected/\(name)").split(separator: "\n").map(String.init)
        let texts = lines.filter { !$0.hasPrefix("{") }
        let jsons = lines.filter { $0.hasPrefix("{") }
        let expected = try #require(jsons.last.map { try JSONValue(parsing: $0) })
        for line in jsons {
            #expect(try Expression(jsonText: line).json.plain == expected.plain)
        }
        // The input spans several lines where the standard's example does.
        let isText = name.hasSuffix(".txt.out") && name != Self.shortenedTimestamp
        let input = isText ? [texts.dropLast().joined(separator: " ")] : []
        for text in input + texts.suffix(1) {
            #expect(try Expression(text: text).json.plain == expected.plain, "\(text)")
        }
    }

    /// The input has a fraction of zeros in a timestamp, which cql2-rs leaves out; we write what we read.
    static let shortenedTimestamp = "example55.txt.out"

    @Test("has filters that must parse", arguments: try filters("cql2-rs/ats_expressions.json"))
    func parses(filter: String) throws {
        let expression = try Expression(text: filter)
        #expect(try Expression(text: expression.text) == expression)
        #expect(try Expression(json: expression.json) == expression)
    }

    static func filters(_ path: String) throws -> [String] {
        try SharedData.isPresent ? SharedData.json(path).array?.compactMap { $0["filter"]?.string } ?? [] : []
    }

    @Test("agrees on what is true of one item", arguments: try reductions())
    func reduces(filter: String, reduced: String) throws {
        let item = try SharedData.json("cql2-rs/reductions.json")["item"]
        var properties: [String: CQL2Value] = [:]
        for member in item?["properties"]?.object?.members ?? [] { properties[member.name] = CQL2Value(member.value) }
        #expect(try Expression(text: filter).evaluate(properties) == (reduced == "true"))
    }

    /// Those that come down to true or false. The grammar does not compare geometries with `=`.
    static func reductions() throws -> [(String, String)] {
        guard SharedData.isPresent else { return [] }
        return try SharedData.json("cql2-rs/reductions.json")["cases"]?.array?.compactMap { testCase in
            guard let filter = testCase["input"]?.string, let reduced = testCase["reduced"]?.string,
                reduced == "true" || reduced == "false", filter != "POINT(0 0) = POINT(1 0)"
            else { return nil }
            return (filter, reduced)
        } ?? []
    }

    @Test("agrees on what matches", arguments: try operatorCases())
    func operators(filter: String, matching: [Int]) throws {
        let expression = try Expression(text: filter)
        for expression in [expression, try Expression(json: expression.json)] {
            var found: [Int] = []
            for record in Self.records where try expression.evaluate(record) == true {
                if case .number(let number)? = record["intfield"] { found.append(Int(number)) }
            }
            #expect(found == Self.corrected(matching, filter), "\(filter)")
        }
    }

    /// cql2-rs compares in a plane that goes on beyond ±180 and ±90; for us, longitudes wrap, and a latitude beyond ±90
    /// makes a geometry unreadable, so that predicates on it are unknown.
    static let beyondAntimeridian: [String: (alsoFound: [Int], notFound: [Int])] = [
        "s_disjoint": (alsoFound: [], notFound: [1, 2, 9]), "s_overlaps": (alsoFound: [1, 2, 9], notFound: []),
    ]

    static func corrected(_ matching: [Int], _ filter: String) -> [Int] {
        guard filter.hasPrefix("s_") else { return matching }
        let unreadable = records.compactMap { record -> Int? in
            guard record["geom"] == .object, case .number(let number)? = record["intfield"] else { return nil }
            return Int(number)
        }
        let correction = beyondAntimeridian[String(filter.prefix { $0 != "(" })]
        return (matching + (correction?.alsoFound ?? [])).sorted()
            .filter { !unreadable.contains($0) && !(correction?.notFound.contains($0) ?? false) }
    }

    static func operatorCases() throws -> [(String, [Int])] {
        guard SharedData.isPresent else { return [] }
        return try SharedData.json("cql2-rs/operators_expected.json")["cases"]?.array?.map { testCase in
            (testCase["filter"]?.string ?? "", testCase["matching_intfield"]?.array?.compactMap(\.int) ?? [])
        } ?? []
    }

    static let records: [[String: CQL2Value]] = {
        let lines = (try? SharedData.text("cql2-rs/cql2testdata.ndjson"))?.split(separator: "\n") ?? []
        return lines.compactMap { line in
            try? JSONValue(parsing: String(line)).object.map { object in
                Dictionary(uniqueKeysWithValues: object.members.map { ($0.name, CQL2Value($0.value)) })
            }
        }
    }()
}

extension JSONValue {
    /// The value with numbers as doubles, and without what RFC 7946 calls foreign members, to compare JSON of two writers.
    fileprivate var plain: JSONValue {
        switch self {
        case .number(let number): JSONValue(number.double)
        case .array(let elements): .array(elements.map(\.plain))
        case .object(let object):
            .object(
                object.members.sorted { $0.name < $1.name }.reduce(into: JSONObject()) { $0[$1.name] = $1.value.plain })
        default: self
        }
    }
}
