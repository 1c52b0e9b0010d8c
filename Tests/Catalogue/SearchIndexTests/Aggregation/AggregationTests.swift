import STACAPI
import SearchIndex
import Temporal
import Testing

@Suite("Aggregations") struct AggregationTests {
    private func result(_ catalogue: SmallCatalogue, _ aggregation: Aggregation) throws -> AggregationResult {
        try #require(try catalogue.index.aggregate(SearchRequest(), [aggregation]) { _, _ in }.first)
    }

    private func keys(_ catalogue: SmallCatalogue, _ aggregation: Aggregation) throws -> [String] {
        guard case .buckets(let buckets, _) = try result(catalogue, aggregation) else { return [] }
        return buckets.compactMap { if case .text(let text) = $0.key { text } else { nil } }
    }

    @Test(
        "name cells as others do",
        arguments: [
            ("[-5.6,42.6]", Grid.geohash(5), "ezs42"), ("[10.40744,57.64911]", .geohash(11), "u4pruydqqvj"),
            ("[0,0]", .geohash(1), "s"), ("[180,90]", .geohash(2), "zz"), ("[-180,-90]", .geohash(3), "000"),
            ("[0,0]", .geotile(0), "0/0/0"), ("[13.4,52.5]", .geotile(8), "8/137/83"),
            ("[-180,89]", .geotile(3), "3/0/0"), ("[180,-89]", .geotile(3), "3/7/7"),
        ])
    func cells(point: String, grid: Grid, name: String) throws {
        let catalogue = try SmallCatalogue([
            SmallCatalogue.item("a", geometry: "{\"type\":\"Point\",\"coordinates\":\(point)}")
        ])
        #expect(try keys(catalogue, .cells(grid)) == [name])
    }

    @Test("place what is across the antimeridian where it is")
    func antimeridian() throws {
        let across =
            "[[[178,-20],[180,-20],[180,-10],[178,-10],[178,-20]]],"
            + "[[[-180,-20],[-179,-20],[-179,-10],[-180,-10],[-180,-20]]]"
        let catalogue = try SmallCatalogue([
            SmallCatalogue.item("a", geometry: "{\"type\":\"MultiPolygon\",\"coordinates\":[\(across)]}")
        ])
        // 179.5° E, 15° S, as a point there.
        let point = try SmallCatalogue([
            SmallCatalogue.item("a", geometry: "{\"type\":\"Point\",\"coordinates\":[179.5,-15]}")
        ])
        #expect(try keys(catalogue, .cells(.geohash(6))) == keys(point, .cells(.geohash(6))))
    }

    @Test("count what is in no bucket as overflow")
    func overflow() throws {
        let catalogue = try SmallCatalogue(properties: ["\"n\":1", "\"n\":\"x\"", "", "\"n\":true", "\"n\":[1]"])
        #expect(
            try result(catalogue, .terms(property: "n"))
                == .buckets([.init(.text("true"), 1), .init(.text("x"), 1)], overflow: 3))
        #expect(
            try result(catalogue, .histogram(property: "n", interval: 2))
                == .buckets([.init(.range(from: 0, to: 2), 1)], overflow: 4))
        #expect(try result(catalogue, .cells(.geohash(1))) == .buckets([], overflow: 5))
    }

    @Test("give the most frequent terms, and the others as overflow")
    func manyTerms() throws {
        let count = Aggregation.maximumBuckets + 3
        let items = (0..<count).map { SmallCatalogue.item("\($0)", "\"s\":\"\($0)\"") }
        let catalogue = try SmallCatalogue(items + [SmallCatalogue.item("twice", "\"s\":\"9999\"")])
        guard case .buckets(let buckets, let overflow) = try result(catalogue, .terms(property: "s")) else {
            Issue.record("not buckets")
            return
        }
        #expect(buckets.count == Aggregation.maximumBuckets)
        #expect(buckets.first == .init(.text("9999"), 2))
        #expect(overflow == 3)
    }

    @Test("refuse more intervals than anybody can use")
    func tooManyBuckets() throws {
        let catalogue = try SmallCatalogue(properties: ["\"n\":0", "\"n\":10000"])
        let aggregation = Aggregation.histogram(property: "n", interval: 1)
        #expect(throws: AggregationError.tooManyBuckets(aggregation)) { try result(catalogue, aggregation) }
        _ = try result(catalogue, .histogram(property: "n", interval: 2))
    }
}
