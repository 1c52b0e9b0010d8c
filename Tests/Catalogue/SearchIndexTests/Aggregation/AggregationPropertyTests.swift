import Foundation
import Geo
import JSON
import STACAPI
import SearchIndex
import Temporal
import TestKit
import Testing

@Suite("Aggregations are what a look at every Item gives") struct AggregationPropertyTests {
    @Test("for random requests over catalogues with random histories", arguments: TestRounds.seeds(30))
    func smallCatalogues(seed: Int) throws {
        var random = SeededGenerator(seed: 20_000 + seed)
        try check(IndexedCatalogue(itemCount: random.integer(1...90), &random), &random, "seed \(seed)")
    }

    @Test("for segments of several hundred rows", arguments: TestRounds.seeds(2))
    func largeCatalogues(seed: Int) throws {
        var random = SeededGenerator(seed: 30_000 + seed)
        try check(IndexedCatalogue(itemCount: 700, &random), &random, "large, seed \(seed)")
    }

    private func check(_ catalogue: IndexedCatalogue, _ random: inout SeededGenerator, _ name: String) throws {
        try catalogue.withItems { parsed in
            for number in 0..<12 {
                let request =
                    random.chance(30) ? SearchRequest() : RandomRequest.request(itemCount: parsed.items.count, &random)
                let items = try BruteForce(request, over: parsed.items).ordered
                // One by one: an error of one must not hide the others.
                for _ in 0..<6 {
                    let aggregation = RandomAggregation.aggregation(&random)
                    let name = "\(name), request \(number): \(aggregation) over \(request)"
                    let found = Result {
                        try catalogue.index.aggregate(request, [aggregation, .count], bodies: parsed.read)
                    }
                    guard let expected = ExpectedAggregation(aggregation, items).result else {
                        #expect(throws: AggregationError.tooManyBuckets(aggregation), "\(name)") { try found.get() }
                        continue
                    }
                    let results = try found.get()
                    try #require(results == [expected, .count(items.count)], "\(name)")
                }
            }
        }
    }
}

/// An aggregation, worked out from the Items' JSON by the plainest means.
private struct ExpectedAggregation {
    /// `nil`: too many buckets.
    let result: AggregationResult?

    init(_ aggregation: Aggregation, _ items: [Item]) {
        switch aggregation {
        case .count: result = .count(items.count)
        case .earliest: result = .time(items.compactMap(Self.time).min())
        case .latest: result = .time(items.compactMap(Self.time).max())
        case .collections: result = Self.terms(items.map(\.version.key.id), items.count)
        case .terms(let property): result = Self.terms(items.compactMap { Self.term($0, property) }, items.count)
        case .ranges(let property, let boundaries):
            let values = items.compactMap { Self.number($0, property) }
            let edges: [Double?] = [nil] + boundaries + [nil]
            let buckets = zip(edges, edges.dropFirst()).map { from, to in
                AggregationResult.Bucket(
                    .range(from: from, to: to),
                    values.count { $0 >= from ?? -.infinity && $0 < to ?? .infinity })
            }
            result = .buckets(buckets, overflow: items.count - values.count)
        case .histogram(let property, let interval):
            result = Self.histogram(items.compactMap { Self.number($0, property) }, interval, items.count)
        case .dates(let property, let interval):
            let times = items.compactMap {
                property == "datetime" ? Self.time($0) : Self.value($0, property).flatMap(Self.timestamp)
            }
            result = Self.dates(times, interval, items.count)
        case .cells(let grid):
            let terms = Self.terms(items.compactMap { Self.cell($0, grid) }, items.count)
            guard case .geotile = grid, case .buckets(let buckets, let overflow) = terms else {
                result = terms
                return
            }
            func place(_ bucket: AggregationResult.Bucket) -> [Int] {
                guard case .text(let name) = bucket.key else { return [] }
                return [-bucket.frequency] + name.split(separator: "/").compactMap { Int($0) }
            }
            result = .buckets(
                buckets.sorted { place($0).lexicographicallyPrecedes(place($1)) }, overflow: overflow)
        }
    }

    // MARK: Values of Items

    private static func value(_ item: Item, _ property: String) -> JSONElement? {
        item.json["properties"]?.members.first { $0.name.string?.utf8.elementsEqual(property.utf8) ?? false }?.value
    }

    private static func timestamp(_ value: JSONElement) -> Timestamp? {
        value.string.flatMap { Timestamp($0, .lenient) }
    }

    private static func time(_ item: Item) -> Timestamp? {
        value(item, "datetime").flatMap(timestamp) ?? value(item, "start_datetime").flatMap(timestamp)
    }

    private static func term(_ item: Item, _ property: String) -> String? {
        guard let value = value(item, property) else { return nil }
        if let bool = value.bool { return bool ? "true" : "false" }
        guard let text = value.string, timestamp(value) == nil, text.utf8.count <= 4_096 else { return nil }
        return text
    }

    private static func number(_ item: Item, _ property: String) -> Double? {
        guard let value = value(item, property), value.kind == .number else { return nil }
        return value.double.flatMap { $0.isFinite ? $0 : nil }
    }

    private static func cell(_ item: Item, _ grid: Grid) -> String? {
        guard let geometry = item.geometry, let box = PlanarBox(geometry), let range = LongitudeRange(geometry) else {
            return nil
        }
        let (longitude, latitude) = (range.middle, (box.minY + box.maxY) / 2)
        switch grid {
        case .geohash(let length):
            // By halving, as the name is defined.
            var (west, east, south, north) = (-180.0, 180.0, -90.0, 90.0)
            var (name, bits) = ("", 0)
            let alphabet = Array("0123456789bcdefghjkmnpqrstuvwxyz")
            for index in 0..<length * 5 {
                bits *= 2
                if index % 2 == 0 {
                    let middle = (west + east) / 2
                    if longitude >= middle { (west, bits) = (middle, bits + 1) } else { east = middle }
                } else {
                    let middle = (south + north) / 2
                    if latitude >= middle { (south, bits) = (middle, bits + 1) } else { north = middle }
                }
                if index % 5 == 4 { (name, bits) = (name + String(alphabet[bits]), 0) }
            }
            return name
        case .geotile(let zoom):
            let count = pow(2, Double(zoom))
            let y = max(-85.0511287798066, min(85.0511287798066, latitude)) * .pi / 180
            let tile = (
                Int((longitude + 180) / 360 * count), Int((0.5 - log(tan(.pi / 4 + y / 2)) / (2 * .pi)) * count)
            )
            return "\(zoom)/\(min(Int(count) - 1, max(0, tile.0)))/\(min(Int(count) - 1, max(0, tile.1)))"
        }
    }

    // MARK: Buckets

    private static func terms(_ terms: [String], _ total: Int) -> AggregationResult {
        var counts: [[UInt8]: Int] = [:]
        for term in terms { counts[Array(term.utf8), default: 0] += 1 }
        let sorted = counts.sorted {
            $0.value != $1.value ? $0.value > $1.value : $0.key.lexicographicallyPrecedes($1.key)
        }
        return .buckets(
            sorted.map { .init(.text(String(decoding: $0.key, as: UTF8.self)), $0.value) },
            overflow: total - terms.count)
    }

    private static func histogram(_ values: [Double], _ interval: Double, _ total: Int) -> AggregationResult? {
        guard let least = values.min(), let greatest = values.max() else { return .buckets([], overflow: total) }
        let isTenth = interval == 0.1
        func bound(_ number: Double) -> Double {
            (isTenth ? number / 10 : interval == 0.25 ? number / 4 : number * interval) + 0
        }
        func number(_ value: Double) -> Double {
            var number = (value / interval).rounded(.down) - 2
            guard abs(number) < 1e15 else { return number + 2 }
            while bound(number + 1) <= value { number += 1 }
            return number
        }
        let (first, last) = (number(least), number(greatest))
        guard last - first < Double(Aggregation.maximumBuckets), max(-first, last) < 1e15 else { return nil }
        let buckets = (0...Int(last - first)).map { index in
            let number = first + Double(index)
            return AggregationResult.Bucket(
                .range(from: bound(number), to: bound(number + 1)),
                values.count { $0 >= bound(number) && $0 < bound(number + 1) })
        }
        return .buckets(buckets, overflow: total - values.count)
    }

    private static func dates(
        _ times: [Timestamp], _ interval: CalendarInterval, _ total: Int
    ) -> AggregationResult? {
        guard let first = times.min(), let last = times.max() else { return .buckets([], overflow: total) }
        var starts = [start(first, interval)]
        while true {
            let next = after(starts[starts.count - 1], interval)
            guard next <= last else { break }
            guard starts.count < Aggregation.maximumBuckets else { return nil }
            starts.append(next)
        }
        let buckets = starts.map { start in
            AggregationResult.Bucket(
                .time(start), times.count { $0 >= start && $0 < after(start, interval) })
        }
        return .buckets(buckets, overflow: total - times.count)
    }

    private static func start(_ time: Timestamp, _ interval: CalendarInterval) -> Timestamp {
        let parts = time.components
        func begin(_ month: Int, _ day: Int, _ hour: Int = 0, _ minute: Int = 0, _ second: Int = 0) -> Timestamp {
            // A part of an instant that exists.
            Timestamp(year: parts.year, month: month, day: day, hour: hour, minute: minute, second: second)!
        }
        switch interval {
        case .year: return begin(1, 1)
        case .quarter: return begin((parts.month - 1) / 3 * 3 + 1, 1)
        case .month: return begin(parts.month, 1)
        case .week:
            // 2024-01-01 was a Monday.
            var monday = Timestamp(year: 2024, month: 1, day: 1)!.microseconds
            let week: Int64 = 7 * 86_400_000_000
            monday += (time.microseconds - monday) / week * week
            while monday > time.microseconds { monday -= week }
            return Timestamp(microseconds: monday)
        case .day: return begin(parts.month, parts.day)
        case .hour: return begin(parts.month, parts.day, parts.hour)
        case .minute: return begin(parts.month, parts.day, parts.hour, parts.minute)
        case .second: return begin(parts.month, parts.day, parts.hour, parts.minute, parts.second)
        }
    }

    private static func after(_ start: Timestamp, _ interval: CalendarInterval) -> Timestamp {
        let parts = start.components
        let seconds: Int64
        switch interval {
        case .year: return Timestamp(year: parts.year + 1, month: 1, day: 1) ?? .distant
        case .quarter where parts.month == 10, .month where parts.month == 12:
            return Timestamp(year: parts.year + 1, month: 1, day: 1) ?? .distant
        case .quarter: return Timestamp(year: parts.year, month: parts.month + 3, day: 1)!
        case .month: return Timestamp(year: parts.year, month: parts.month + 1, day: 1)!
        case .week: seconds = 7 * 86_400
        case .day: seconds = 86_400
        case .hour: seconds = 3_600
        case .minute: seconds = 60
        case .second: seconds = 1
        }
        return Timestamp(microseconds: start.microseconds + seconds * 1_000_000)
    }
}

extension Timestamp {
    fileprivate static let distant = Timestamp(microseconds: .max)
}
