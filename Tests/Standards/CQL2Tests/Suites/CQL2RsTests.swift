import CQL2
import JSON
import TestDocuments
import Testing

/// Documents in the formats of cql2-rs' test suite.
@Suite("Suite of cql2-rs") struct CQL2RsTests {
    @Test("is there", .withSharedDocuments)
    func shared() throws {
        let folder = try #require(DocumentFolder.shared)
        #expect(try folder.documents(in: "cql2", endingIn: ".out").count > 50)
        #expect(try Self.operatorCases().count { $0.records.folder == folder } > 50)
    }

    /// Each file holds an input, its normalised text, and its JSON, where numbers may be written otherwise.
    @Test("has the same JSON for the same filters", arguments: try Document.all(in: "cql2", endingIn: ".out"))
    func normalised(document: Document) throws {
        let lines = try document.text().split(separator: "\n").map(String.init)
        let texts = lines.filter { !$0.hasPrefix("{") }
        let jsons = lines.filter { $0.hasPrefix("{") }
        let expected = try #require(jsons.last.map { try JSONValue(parsing: $0) })
        for line in jsons {
            #expect(try Expression(jsonText: line).json.plain == expected.plain)
        }
        // The input spans several lines where the standard's example does.
        let isText = document.path.hasSuffix(".txt.out") && !document.path.hasSuffix(Self.shortenedTimestamp)
        let input = isText ? [texts.dropLast().joined(separator: " ")] : []
        for text in input + texts.suffix(1) {
            #expect(try Expression(text: text).json.plain == expected.plain, "\(text)")
        }
    }

    /// The input has a fraction of zeros in a timestamp, which cql2-rs leaves out; we write what we read.
    static let shortenedTimestamp = "/example55.txt.out"

    @Test("has filters that must parse", arguments: try filters())
    func parses(filter: String) throws {
        let expression = try Expression(text: filter)
        #expect(try Expression(text: expression.text) == expression)
        #expect(try Expression(json: expression.json) == expression)
    }

    static func filters() throws -> [String] {
        try Document.all(in: "cql2", endingIn: "/ats_expressions.json").flatMap {
            try $0.json().array?.compactMap { $0["filter"]?.string } ?? []
        }
    }

    struct Reduction: Sendable, CustomTestStringConvertible {
        let filter: String
        let isTrue: Bool
        let properties: [String: CQL2Value]
        var testDescription: String { filter }
    }

    @Test("agrees on what is true of one item", arguments: try reductions())
    func reduces(reduction: Reduction) throws {
        #expect(try Expression(text: reduction.filter).evaluate(reduction.properties) == reduction.isTrue)
    }

    /// Those that come down to true or false. The grammar does not compare geometries with `=`.
    static func reductions() throws -> [Reduction] {
        try Document.all(in: "cql2", endingIn: "/reductions.json").flatMap { document in
            let json = try document.json()
            let properties = json["item"]?["properties"]?.object.map { CQL2Value.values($0) } ?? [:]
            return json["cases"]?.array?.compactMap { testCase -> Reduction? in
                guard let filter = testCase["input"]?.string, let reduced = testCase["reduced"]?.string,
                    reduced == "true" || reduced == "false", filter != "POINT(0 0) = POINT(1 0)"
                else { return nil }
                return Reduction(filter: filter, isTrue: reduced == "true", properties: properties)
            } ?? []
        }
    }

    struct OperatorCase: Sendable, CustomTestStringConvertible {
        let filter: String
        let matching: [Int]
        let records: Document
        var testDescription: String { filter }
    }

    @Test("agrees on what matches", arguments: try operatorCases())
    func operators(testCase: OperatorCase) throws {
        let records = try #require(Self.records[testCase.records])
        let expression = try Expression(text: testCase.filter)
        for expression in [expression, try Expression(json: expression.json)] {
            var found: [Int] = []
            for record in records where try expression.evaluate(record) == true {
                if case .number(let number)? = record["intfield"] { found.append(Int(number)) }
            }
            #expect(found == Self.corrected(testCase, records), "\(testCase.filter)")
        }
    }

    /// cql2-rs compares in a plane that goes on beyond ±180 and ±90; for us, longitudes wrap, and a latitude beyond ±90
    /// makes a geometry unreadable, so that predicates on it are unknown.
    static let beyondAntimeridian: [String: (alsoFound: [Int], notFound: [Int])] = [
        "s_disjoint": (alsoFound: [], notFound: [1, 2, 9]), "s_overlaps": (alsoFound: [1, 2, 9], notFound: []),
    ]

    static func corrected(_ testCase: OperatorCase, _ records: [[String: CQL2Value]]) -> [Int] {
        guard testCase.filter.hasPrefix("s_") else { return testCase.matching }
        let unreadable = records.compactMap { record -> Int? in
            guard record["geom"] == .object, case .number(let number)? = record["intfield"] else { return nil }
            return Int(number)
        }
        let correction = beyondAntimeridian[String(testCase.filter.prefix { $0 != "(" })]
        return (testCase.matching + (correction?.alsoFound ?? [])).sorted()
            .filter { !unreadable.contains($0) && !(correction?.notFound.contains($0) ?? false) }
    }

    static func operatorCases() throws -> [OperatorCase] {
        try Document.all(in: "cql2", endingIn: "/operators_expected.json").flatMap { document in
            try document.json()["cases"]?.array?.map { testCase in
                OperatorCase(
                    filter: testCase["filter"]?.string ?? "",
                    matching: testCase["matching_intfield"]?.array?.compactMap(\.int) ?? [],
                    records: document.neighbour("cql2testdata.ndjson"))
            } ?? []
        }
    }

    static let records: [Document: [[String: CQL2Value]]] = {
        let documents = (try? Document.all(in: "cql2", endingIn: "/cql2testdata.ndjson")) ?? []
        return Dictionary(
            uniqueKeysWithValues: documents.map { document in
                (document, ((try? document.lines()) ?? []).compactMap { $0.object.map { CQL2Value.values($0) } })
            })
    }()
}

extension CQL2Value {
    /// An object's members.
    static func values(_ object: JSONObject) -> [String: CQL2Value] {
        Dictionary(uniqueKeysWithValues: object.members.map { ($0.name, CQL2Value($0.value)) })
    }
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
