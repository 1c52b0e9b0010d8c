import CQL2
import JSON
import Testing

/// Annex A of the standard: filters, and how many features of Natural Earth they select.
@Suite("Abstract test suite", .enabled(if: SharedData.isPresent, SharedData.isMissing))
struct AbstractTestSuiteTests {
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
        let source: String
        let expected: Int
        var testDescription: String { filter }
    }

    @Test("has no case that it gets right and that we call wrong")
    func wrongCasesAreWrong() throws {
        for testCase in try Self.predicates() {
            #expect(Self.wrongCases[testCase.filter]?.found != testCase.expected, "\(testCase.filter)")
        }
    }

    @Test("selects as many features", arguments: try predicates() + combinations())
    func count(testCase: Case) throws {
        let fromText = try Expression(text: testCase.filter)
        let fromJSON = try Expression(jsonText: fromText.json.jsonText)
        let features = try #require(Self.features[testCase.source])
        for expression in [fromText, fromJSON] {
            let found = try features.count { try expression.evaluate($0) == true }
            #expect(found == Self.wrongCases[testCase.filter]?.found ?? testCase.expected, "\(testCase.filter)")
        }
    }

    static func predicates() throws -> [Case] {
        guard SharedData.isPresent else { return [] }
        return try SharedData.json("ats/predicates.json").array?.map { row in
            Case(
                filter: row["Predicate"]?.string ?? "", source: row["Data Source"]?.string ?? "",
                expected: row["Expected number of items"]?.int ?? -1)
        } ?? []
    }

    static func combinations() throws -> [Case] {
        guard SharedData.isPresent else { return [] }
        return try SharedData.json("ats/combinations.json").array?.map { row in
            let (p1, p2) = (row["p1"]?.string ?? "", row["p2"]?.string ?? "")
            let (p3, p4) = (row["p3"]?.string ?? "", row["p4"]?.string ?? "")
            return Case(
                filter: "(NOT (\(p2)) AND \(p1)) OR (\(p3) and \(p4)) or not (\(p1) OR \(p4))",
                source: "ne_110m_populated_places_simple", expected: row["Expected number of items"]?.int ?? -1)
        } ?? []
    }

    static let features: [String: [[String: CQL2Value]]] = {
        let names = ["ne_110m_populated_places_simple", "ne_110m_admin_0_countries", "ne_110m_rivers_lake_centerlines"]
        return Dictionary(uniqueKeysWithValues: names.map { ($0, (try? read($0)) ?? []) })
    }()

    private static func read(_ name: String) throws -> [[String: CQL2Value]] {
        try SharedData.json("ats/data/\(name).geojson")["features"]?.array?.map { feature in
            var properties: [String: CQL2Value] = [:]
            for member in feature["properties"]?.object?.members ?? [] {
                properties[member.name] = CQL2Value(member.value)
            }
            properties["geom"] = feature["geometry"].map { CQL2Value($0) }
            return properties
        } ?? []
    }
}
