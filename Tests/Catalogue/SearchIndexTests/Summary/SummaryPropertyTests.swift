import Geo
import JSON
import SearchIndex
import Temporal
import TestKit
import Testing

@Suite("Summaries are what a look at every Item gives") struct SummaryPropertyTests {
    @Test("after random histories", arguments: TestRounds.seeds(30))
    func summaries(seed: Int) throws {
        var random = SeededGenerator(seed: 40_000 + seed)
        let catalogue = try IndexedCatalogue(itemCount: random.integer(1...120), &random) { catalogue in
            // On the way, so that what is known of rows that die later has to be corrected.
            try check(catalogue, "seed \(seed), on the way")
        }
        try check(catalogue, "seed \(seed)")
    }

    private func check(_ catalogue: IndexedCatalogue, _ name: String) throws {
        let index = catalogue.index
        guard index.appliedSequence == catalogue.history.lastSequence else { return }
        try catalogue.withItems { parsed in
            try check(index.summary(), parsed.items, "\(name), all")
            for key in Set(parsed.items.map(\.version.key)) {
                let items = parsed.items.filter { $0.version.key == key }
                try check(index.summary(of: key.number).summary, items, "\(name), \(key.id)")
            }
        }
    }

    private func check(_ summary: CollectionSummary, _ items: [Item], _ name: String) throws {
        #expect(summary.itemCount == items.count, "\(name)")
        func time(_ item: Item, _ names: [String]) -> Timestamp? {
            names.lazy.compactMap { item.json["properties"]?[$0]?.string.flatMap { Timestamp($0, .lenient) } }.first
        }
        let first = items.compactMap { time($0, ["start_datetime", "datetime"]) }.min()
        let last = items.compactMap { time($0, ["end_datetime", "datetime"]) }.max()
        #expect(summary.interval?.lowerBound == first && summary.interval?.upperBound == last, "\(name)")

        var longitudes = LongitudeRanges()
        var latitudes: [Double] = []
        for case let geometry? in items.map(\.geometry) {
            guard let range = LongitudeRange(geometry), let box = PlanarBox(geometry) else { continue }
            longitudes.insert(range)
            latitudes += [box.minY, box.maxY]
        }
        let expected = longitudes.hull.map { [$0.west, latitudes.min() ?? 0, $0.east, latitudes.max() ?? 0] }
        #expect(summary.bbox?.numbers == expected, "\(name)")

        let profiles = Dictionary(uniqueKeysWithValues: summary.properties.map { (Array($0.name.utf8), $0) })
        var values: [[UInt8]: [JSONElement]] = [:]
        for item in items {
            let properties = try #require(item.json["properties"])
            for (member, value) in properties.members where value.kind != .null {
                values[Array((member.string ?? "").utf8), default: []].append(value)
            }
        }
        try #require(Set(profiles.keys) == Set(values.keys), "\(name)")
        for (property, values) in values {
            let profile = try #require(profiles[property])
            let name = "\(name), \(profile.name)"
            let numbers = values.compactMap { $0.kind == .number ? $0.double : nil }.filter(\.isFinite)
            #expect(
                profile.numbers?.lowerBound == numbers.min() && profile.numbers?.upperBound == numbers.max(), "\(name)")
            #expect(profile.types.isDisjoint(with: [.number, .integer]) == numbers.isEmpty, "\(name)")
            let strings = values.compactMap(\.string)
            let times = strings.compactMap { Timestamp($0, .lenient) }
            #expect(
                profile.timestamps?.lowerBound == times.min() && profile.timestamps?.upperBound == times.max(),
                "\(name)")
            let terms = Set(
                strings.filter { Timestamp($0, .lenient) == nil && $0.utf8.count <= 4_096 }.map { Array($0.utf8) })
            #expect(profile.types.contains(.string) == !terms.isEmpty, "\(name)")
            if let listed = profile.strings {
                #expect(Set(listed.map { Array($0.utf8) }) == terms, "\(name)")
            } else {
                // Forgotten when there were too many.
                #expect(terms.count > 0, "\(name)")
            }
            #expect(profile.types.contains(.boolean) == values.contains { $0.kind == .bool }, "\(name)")
        }
    }
}
