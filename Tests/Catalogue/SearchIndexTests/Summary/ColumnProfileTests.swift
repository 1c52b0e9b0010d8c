import SearchIndex
import Temporal
import Testing

@Suite("Profiles of properties") struct ColumnProfileTests {
    @Test("tell types, ranges and strings")
    func profiles() throws {
        let catalogue = try SmallCatalogue(properties: [
            "\"n\":1,\"s\":\"b\",\"mixed\":true,\"t\":\"2020-01-02T00:00:00Z\"",
            "\"n\":-2,\"s\":\"a\",\"mixed\":[],\"x\":1.5,\"t\":\"2020-01-01T01:00:00+01:00\"",
        ])
        let profiles = Dictionary(
            uniqueKeysWithValues: try catalogue.index.summary(of: 1).summary.properties.map { ($0.name, $0) })
        #expect(profiles.keys.sorted() == ["datetime", "mixed", "n", "s", "t", "x"])
        #expect(profiles["n"]?.types == [.integer] && profiles["n"]?.numbers == -2...1)
        #expect(profiles["x"]?.types == [.number])
        #expect(profiles["mixed"]?.types == [.boolean, .structured])
        #expect(profiles["s"]?.strings == ["a", "b"])
        #expect(profiles["t"]?.types == [.timestamp])
        let first = try #require(Timestamp("2020-01-01T00:00:00Z"))
        #expect(profiles["t"]?.timestamps?.lowerBound == first)
        #expect(try catalogue.index.summary(of: 2).summary == CollectionSummary())
    }

    @Test("list strings up to a number", arguments: [39, 40, 41])
    func manyStrings(count: Int) throws {
        let items = (0..<count).map { SmallCatalogue.item("\($0)", "\"s\":\"\($0)\"") }
        let profile = try SmallCatalogue(items).index.summary().properties.first { $0.name == "s" }
        #expect(profile?.strings?.count == (count <= ColumnProfile.maximumStrings ? count : nil))
    }
}
