import JSON
import SearchIndex
import TestKit

/// A store's history and an index that has followed it in a random way: in batches of all sizes, some of them twice,
/// through files, merges and restarts.
final class IndexedCatalogue {
    private(set) var history = CatalogueHistory()
    private(set) var index: ItemIndex
    private let directory: TemporaryDirectory
    private let configuration: ItemIndex.Configuration

    /// - Parameters:
    ///   - itemCount: Changes to be made, about.
    ///   - segmentRows: Of segments that are not merged any more; random when not given.
    ///   - onTheWay: Called now and then.
    init(
        itemCount: Int, segmentRows: Int? = nil, _ random: inout SeededGenerator,
        onTheWay: (IndexedCatalogue) throws -> Void = { _ in }
    ) throws {
        directory = try TemporaryDirectory()
        var configuration = ItemIndex.Configuration()
        configuration.segmentRows = segmentRows ?? random.integer(2...max(4, itemCount))
        configuration.bulkRows = random.integer(2...max(3, itemCount / 2))
        configuration.memoryRows = random.integer(1...itemCount)
        configuration.looseSegments = random.integer(1...4)
        self.configuration = configuration
        index = try ItemIndex(path: directory.path, storeID: "store", configuration: configuration)
        while history.lastSequence < itemCount {
            let size = random.chance(50) ? random.integer(1...4) : random.integer(1...max(1, itemCount / 3))
            for _ in 0..<size { history.advance(&random) }
            try step(&random)
            try onTheWay(self)
        }
        try follow(through: history.lastSequence)
    }

    private func follow(through sequence: Int64) throws {
        try index.apply(try history.indexChanges(after: index.appliedSequence, through: sequence))
    }

    private func step(_ random: inout SeededGenerator) throws {
        switch random.integer(0...9) {
        case 0:
            // Some of these changes have been applied before.
            let first = Int64(random.integer(0...Int(index.appliedSequence)))
            try index.apply(try history.indexChanges(after: first, through: history.lastSequence))
        case 1:
            let changes = try history.indexChanges(after: index.appliedSequence, through: history.lastSequence)
            try index.apply(changes)
            try index.apply(changes)
        case 2:
            while index.appliedSequence < history.lastSequence {
                let next = index.appliedSequence + Int64(random.integer(1...8))
                try follow(through: min(next, history.lastSequence))
            }
        default: try follow(through: history.lastSequence)
        }
        if random.chance(25) || index.needsCheckpoint { try index.checkpoint() }
        if random.chance(30) { _ = try index.mergeOnce() }
        if random.chance(10) { try mergeCompletely() }
        if random.chance(15) { try reopen(&random) }
    }

    private func mergeCompletely() throws {
        var count = 0
        while try index.mergeOnce() {
            count += 1
            guard count < 100 else { throw EndlessMerging() }
        }
    }

    struct EndlessMerging: Error {}

    private func reopen(_ random: inout SeededGenerator) throws {
        if random.chance(70) { try index.checkpoint() }
        index = try ItemIndex(path: directory.path, storeID: "store", configuration: configuration)
        if random.chance(50) { try follow(through: history.lastSequence) }
    }

    /// Reads all current Items and calls `body` with them.
    func withItems<Result>(_ body: (ParsedItems) throws -> Result) throws -> Result {
        let versions = history.versions
        let text = "[" + versions.map(\.text).joined(separator: ",") + "]"
        return try JSONReader(.rfc8259).read(Array(text.utf8)) { array in
            try body(ParsedItems(items: zip(versions, array.elements).map { Item(version: $0, json: $1) }))
        }
    }
}

/// The current Items of a catalogue, readable by their sequences.
final class ParsedItems {
    let items: [Item]
    private let bySequence: [Int64: Item]
    /// How many bodies have been asked for.
    private(set) var readCount = 0

    init(items: [Item]) {
        self.items = items
        bySequence = Dictionary(uniqueKeysWithValues: items.map { ($0.sequence, $0) })
    }

    func item(_ sequence: Int64) -> Item? { bySequence[sequence] }

    /// A `BodyReader`.
    func read(_ sequences: [Int64], _ body: (Int, JSONElement) throws -> Void) throws {
        readCount += sequences.count
        for (index, sequence) in sequences.enumerated() {
            if let item = bySequence[sequence] { try body(index, item.json) }
        }
    }
}
