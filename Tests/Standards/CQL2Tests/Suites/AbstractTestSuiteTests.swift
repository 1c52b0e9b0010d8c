import CQL2
import JSON
import TestDocuments
import Testing

/// Filters, and how many features they select. Annex A of the standard does so with Natural Earth.
@Suite("Abstract test suite") struct AbstractTestSuiteTests {
    /// Cases whose expected number is wrong, with what we find and why.
    static let wrongCases: [String: (found: Int, reason: String)] = [
        "ACCENTI(name) LIKE accenti('Ch%')": (
            3, "the GeoPackage has Chișinău, Chicago and Chengdu; the expected 2 is that of 'Chi%'"
        ),
        "ACCENTI(CASEI(name)) LIKE accenti(casei('cHis%'))": (
            1, "of all names only Chișinău begins so; the expected 2 is that of 'cHi%'"
        ),
    ]

    struct Case: Sendable, CustomTestStringConvertible {
        let filter: String
        let features: Document
        let expected: Int
        var testDescription: String { filter }
    }

    @Test("has no case that it gets right and that we call wrong")
    func wrongCasesAreWrong() throws {
        for testCase in try Self.predicates() {
            #expect(Self.wrongCases[testCase.filter]?.found != testCase.expected, "\(testCase.filter)")
        }
    }

    @Test("is there", .withSharedDocuments)
    func shared() throws {
        #expect(try Self.predicates().count { $0.features.folder == .shared } > 50)
        #expect(try Self.combinations().count { $0.features.folder == .shared } > 10)
    }

    @Test("selects as many features", arguments: try predicates() + combinations())
    func count(testCase: Case) throws {
        let fromText = try Expression(text: testCase.filter)
        let fromJSON = try Expression(jsonText: fromText.json.jsonText)
        let features = try #require(Self.features[testCase.features])
        for expression in [fromText, fromJSON] {
            let found = try features.count { try expression.evaluate($0) == true }
            #expect(found == Self.wrongCases[testCase.filter]?.found ?? testCase.expected, "\(testCase.filter)")
        }
    }

    static func predicates() throws -> [Case] {
        try cases("predicates") { $0["Predicate"]?.string ?? "" }
    }

    static func combinations() throws -> [Case] {
        try cases("combinations") { row in
            let (p1, p2) = (row["p1"]?.string ?? "", row["p2"]?.string ?? "")
            let (p3, p4) = (row["p3"]?.string ?? "", row["p4"]?.string ?? "")
            return "(NOT (\(p2)) AND \(p1)) OR (\(p3) and \(p4)) or not (\(p1) OR \(p4))"
        }
    }

    private static func cases(_ name: String, _ filter: (JSONValue) -> String) throws -> [Case] {
        try Document.all(in: "cql2", endingIn: "/\(name).json").flatMap { document in
            try document.json().array?.map { row in
                // The standard's combinations are all of places.
                let source = row["Data Source"]?.string ?? "ne_110m_populated_places_simple"
                return Case(
                    filter: filter(row), features: document.neighbour("data/\(source).geojson"),
                    expected: row["Expected number of items"]?.int ?? -1)
            } ?? []
        }
    }

    static let features: [Document: [[String: CQL2Value]]] = {
        let documents = (try? Document.all(in: "cql2", endingIn: ".geojson")) ?? []
        return Dictionary(uniqueKeysWithValues: documents.map { ($0, (try? read($0)) ?? []) })
    }()

    private static func read(_ document: Document) throws -> [[String: CQL2Value]] {
        try document.json()["features"]?.array?.map { feature in
            var properties = feature["properties"]?.object.map { CQL2Value.values($0) } ?? [:]
            properties["geom"] = feature["geometry"].map { CQL2Value($0) }
            return properties
        } ?? []
    }
}
