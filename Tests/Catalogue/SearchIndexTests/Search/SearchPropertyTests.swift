import Geo
import STACAPI
import SearchIndex
import Temporal
import TestKit
import Testing

@Suite("The index finds what a look at every Item finds") struct SearchPropertyTests {
    @Test("for random requests over catalogues with random histories", arguments: TestRounds.seeds(30))
    func smallCatalogues(seed: Int) throws {
        var random = SeededGenerator(seed: seed)
        try check(IndexedCatalogue(itemCount: random.integer(1...90), &random), requests: 12, &random, "seed \(seed)")
    }

    @Test("for segments of several hundred rows", arguments: TestRounds.seeds(2))
    func largeCatalogues(seed: Int) throws {
        var random = SeededGenerator(seed: -1 - seed)
        try check(IndexedCatalogue(itemCount: 700, &random), requests: 12, &random, "large, seed \(seed)")
    }

    @Test("for more segments than are looked at together", arguments: TestRounds.seeds(2))
    func manySegments(seed: Int) throws {
        var random = SeededGenerator(seed: 20_000 + seed)
        let catalogue = try IndexedCatalogue(itemCount: 300, segmentRows: 2, &random)
        let budget = SearchBudget()
        _ = try catalogue.index.search(SearchRequest(limit: 1), budget) { _, _ in }
        #expect(budget.counts.segments > 40)
        try check(catalogue, requests: 20, &random, "many segments, seed \(seed)")
    }

    /// Segments remember areas: more of them than are remembered, in turn, each with other conditions every time.
    @Test("for areas that come again", arguments: TestRounds.seeds(4))
    func repeatedAreas(seed: Int) throws {
        var random = SeededGenerator(seed: 10_000 + seed)
        let catalogue = try IndexedCatalogue(itemCount: 200, &random)
        let areas = (0..<12).map { _ in random.chance(50) ? Geometry(random.boundingBox()) : random.queryGeometry() }
        try check(catalogue, requests: 60, &random, "areas again, seed \(seed)") { request, random in
            request.area = random.pick(areas)
            if random.chance(50) { request.filter = nil }
        }
    }

    private func check(
        _ catalogue: IndexedCatalogue, requests: Int, _ random: inout SeededGenerator, _ name: String,
        _ adapt: (inout SearchRequest, inout SeededGenerator) -> Void = { _, _ in }
    ) throws {
        try catalogue.withItems { parsed in
            let index = catalogue.index
            try checkContents(index, parsed, name)
            for number in 0..<requests {
                var request = RandomRequest.request(itemCount: parsed.items.count, &random)
                adapt(&request, &random)
                let expected = try BruteForce(request, over: parsed.items)
                let name = "\(name), request \(number): \(request)"
                try checkAnswer(index, request, expected, parsed, name)
                try checkPaging(index, request, expected, parsed, name)
                request.cursor = expected.place(random.pick([.forward, .backward]), among: parsed.items, &random)
                let outcome = try index.search(request, bodies: parsed.read)
                #expect(
                    try checked(outcome.hits, parsed) == expected.page(request.cursor, limit: request.limit), "\(name)")
                #expect(outcome.matched == expected.ordered.count, "\(name)")
            }
        }
    }

    private func checkContents(_ index: ItemIndex, _ parsed: ParsedItems, _ name: String) throws {
        var found: [Int64: String] = [:]
        var count = 0
        for key in Set(parsed.items.map(\.version.key)) {
            let number = key.number
            try checkTimes(index, number, parsed.items.filter { $0.version.key == key }, name)
            #expect(index.count(collection: number) == parsed.items.count { $0.version.key == key }, "\(name)")
            try index.forEachItem(collection: number) { sequence, id in
                found[sequence] = id
                count += 1
            }
        }
        #expect(count == parsed.items.count, "\(name)")
        #expect(found == Dictionary(uniqueKeysWithValues: parsed.items.map { ($0.version.sequence, $0.version.id) }))
    }

    private func checkTimes(_ index: ItemIndex, _ collection: Int64, _ items: [Item], _ name: String) throws {
        let expected = items.map { item in
            (time: BruteForce.time(item)?.microseconds ?? 0, id: item.version.id)
        }.sorted { $0.time != $1.time ? $0.time < $1.time : $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
        let times = try #require(try index.times(collection: collection))
        #expect(times.contains(expected[0].time) && times.contains(expected[expected.count - 1].time), "\(name)")
        let bounds = Set(expected.map(\.time)).union([times.upperBound + 1]).sorted()
        let counts = zip(bounds, bounds.dropFirst()).map { low, high in
            expected.count { $0.time >= low && $0.time < high }
        }
        #expect(try index.itemCounts(collection: collection, between: bounds) == counts, "\(name)")
        for (place, first) in expected.enumerated() {
            let end = bounds[bounds.count - 1 - place % min(3, bounds.count)]
            let found = try index.items(collection: collection, from: first, before: end, limit: 4)
            let wanted = expected[place...].prefix { $0.time < end }.prefix(4)
            #expect(found.map(\.id) == wanted.map(\.id) && found.map(\.time) == wanted.map(\.time), "\(name)")
        }
    }

    /// Asks for all Items at once.
    private func checkAnswer(
        _ index: ItemIndex, _ request: SearchRequest, _ expected: BruteForce, _ parsed: ParsedItems, _ name: String
    ) throws {
        var request = request
        request.limit = parsed.items.count + 1
        let found = try index.search(request, bodies: parsed.read).hits.map(\.sequence)
        let sequences = expected.ordered.map(\.sequence)
        try #require(found == sequences, "\(name), differs in \(difference(found, sequences, parsed))")
    }

    /// Goes forward to the end, then back to the beginning.
    private func checkPaging(
        _ index: ItemIndex, _ request: SearchRequest, _ expected: BruteForce, _ parsed: ParsedItems, _ name: String
    ) throws {
        let sequences = expected.ordered.map(\.sequence)
        var request = request
        var pages: [[Int64]] = []
        var last: SearchOutcome
        repeat {
            last = try index.search(request, bodies: parsed.read)
            pages.append(try checked(last.hits, parsed))
            try #require(last.matched == sequences.count, "\(name)")
            try #require(last.hits.count <= request.limit, "\(name)")
            #expect((last.previous == nil) == (pages.count == 1 || last.hits.isEmpty), "\(name)")
            request.cursor = try last.next.map { try transmitted($0, expected.keys.count) }
        } while request.cursor != nil
        try #require(pages.flatMap { $0 } == (request.limit == 0 ? [] : sequences), "\(name)")

        var backward: [[Int64]] = [last.hits.map(\.sequence)]
        while let cursor = last.previous {
            request.cursor = try transmitted(cursor, expected.keys.count)
            last = try index.search(request, bodies: parsed.read)
            backward.append(try checked(last.hits, parsed))
            #expect(last.next != nil && last.matched == sequences.count, "\(name)")
        }
        #expect(backward.reversed() == pages, "\(name)")
    }

    /// The Items that only one of the two holds.
    private func difference(_ left: [Int64], _ right: [Int64], _ parsed: ParsedItems) -> [String] {
        Set(left).symmetricDifference(right).sorted().map { parsed.item($0)?.version.text ?? "version \($0)" }
    }

    /// The sequences of hits, after a look whether they bear the names of their Items.
    private func checked(_ hits: [SearchOutcome.Hit], _ parsed: ParsedItems) throws -> [Int64] {
        try hits.map { hit in
            let version = try #require(parsed.item(hit.sequence)?.version)
            #expect(
                version.id.utf8.elementsEqual(hit.id.utf8) && version.key.id.utf8.elementsEqual(hit.collection.utf8))
            return hit.sequence
        }
    }

    /// The cursor as a client gives it back.
    private func transmitted(_ cursor: SearchCursor, _ keyCount: Int) throws -> SearchCursor {
        let received = try #require(SearchCursor(token: cursor.token, keyCount: keyCount))
        #expect(received == cursor)
        return received
    }
}
