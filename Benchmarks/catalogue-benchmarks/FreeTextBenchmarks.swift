import Foundation
import ItemSimulation
import JSON
import STACAPI
import SearchIndex

/// Free-text search in an index of Items that each have a title, a description and keywords of their own.
struct FreeTextBenchmarks {
    private let count: Int
    private let runs: Int
    private let directory: String
    /// As many as a language's common ones; the first ones are frequent.
    private static let vocabularyCount = 20_000

    init(count: Int, runs: Int, directory: String) {
        self.count = count
        self.runs = runs
        self.directory = directory
    }

    func run() throws {
        let index = try ItemIndex(path: directory, storeID: "texts")
        let clock = ContinuousClock()
        let start = clock.now
        for first in stride(from: 0, to: count, by: Self.itemsAtOnce) {
            try add(first..<min(first + Self.itemsAtOnce, count), to: index)
        }
        print("| index \(count) texts of 30 words | \(Measurement.text(clock.now - start)) | | |")
        print("| their files | | | \(index.statistics.collections.reduce(0) { $0 + $1.fileBytes }) bytes |")
        for text in Self.expressions {
            var request = SearchRequest(limit: 10)
            request.text = try FreeTextExpression(text: text)
            var matched = 0
            let measurement = try Measurement(runs: runs) { matched = try index.search(request) { _, _ in }.matched }
            print(measurement.row("free text `\(text)`", "\(matched) of \(count) Items"))
        }
    }

    /// Words, and phrases of common and rare ones, also of the same again.
    private static let expressions = [
        "w2", "w2 AND w3", "w19999", "w2 -w3", "\"w900 w7\"", "\"w200 w1\"", "\"w1 w2\"", "\"w1 w2 w3\"",
        "\"w1 w1 w1 w1\"", "\"w1 w1 w1 w2\"", "\"w1 w2\" OR \"w2 w3\" OR \"w3 w4\"", "-w1",
    ]

    private static let itemsAtOnce = 131_072

    private func add(_ numbers: Range<Int>, to index: ItemIndex) throws {
        var batch = ColumnBatch()
        let reader = JSONReader()
        for number in numbers { try reader.read(Array(item(number).utf8)) { try batch.append(item: $0) } }
        var changes = IndexChanges(after: Int64(numbers.lowerBound))
        changes.put(
            batch, rows: 0..<batch.count, sequences: numbers.map { Int64($0) + 1 }, in: .init(number: 1, id: "texts"))
        try index.apply(changes)
    }

    private func item(_ number: Int) -> String {
        var random = SplitMix64(seed: UInt64(number))
        // By Zipf's law, roughly.
        func word() -> String { "w\(Int(pow(Double(Self.vocabularyCount), random.unit())))" }
        func text(_ words: Int) -> String { (0..<words).map { _ in word() }.joined(separator: " ") }
        return """
            {"type":"Feature","id":"item-\(number)","geometry":null,"properties":{\
            "datetime":"20\(10 + number % 10)-06-01T00:00:00Z","title":"\(text(6))","description":"\(text(20)).",\
            "keywords":["\(word())","\(word())","\(text(2))"]},"assets":{}}
            """
    }
}
