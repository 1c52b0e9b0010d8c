import Foundation
import JSON
import SearchIndex
import TestKit

/// What a store would know: every version of every Item, and what happened in which order.
struct CatalogueHistory {
    struct Version {
        let sequence: Int64
        let key: IndexChanges.Key
        let id: String
        let text: String
    }

    enum Change {
        case put(Version)
        /// The version that was current until then.
        case remove(Version, at: Int64)
        case removeCollection(Int64, at: Int64)

        var sequence: Int64 {
            switch self {
            case .put(let version): version.sequence
            case .remove(_, let sequence), .removeCollection(_, let sequence): sequence
            }
        }
    }

    private(set) var lastSequence: Int64 = 0
    private(set) var changes: [Change] = []
    private(set) var current: [IndexChanges.Key: [String: Version]] = [:]
    private var collectionNumbers: [String: Int64] = [:]
    private var lastNumber: Int64 = 0

    /// Current versions, by sequence.
    var versions: [Version] { current.values.flatMap(\.values).sorted { $0.sequence < $1.sequence } }

    private mutating func nextSequence() -> Int64 {
        lastSequence += 1
        return lastSequence
    }

    mutating func put(_ id: String, in collection: String, text: String) {
        let number = collectionNumbers[collection] ?? lastNumber + 1
        lastNumber = max(lastNumber, number)
        collectionNumbers[collection] = number
        let key = IndexChanges.Key(number: number, id: collection)
        let version = Version(sequence: nextSequence(), key: key, id: id, text: text)
        let name = Self.exact(id)
        if let replaced = current[key]?[name] { changes.append(.remove(replaced, at: version.sequence)) }
        changes.append(.put(version))
        current[key, default: [:]][name] = version
    }

    mutating func remove(_ version: Version) {
        changes.append(.remove(version, at: nextSequence()))
        current[version.key]?[Self.exact(version.id)] = nil
    }

    mutating func removeCollection(_ key: IndexChanges.Key) {
        changes.append(.removeCollection(key.number, at: nextSequence()))
        current[key] = nil
        collectionNumbers[key.id] = nil
    }

    /// Ids that differ in composition only are different.
    private static func exact(_ id: String) -> String { id.utf8.map { String($0, radix: 16) }.joined(separator: ".") }

    /// What is to be told to an index.
    func indexChanges(after first: Int64, through last: Int64) throws -> IndexChanges {
        var result = IndexChanges(after: first)
        var batches: [IndexChanges.Key: (batch: ColumnBatch, sequences: [Int64])] = [:]
        func flush(_ result: inout IndexChanges) {
            for (key, part) in batches {
                result.put(part.batch, rows: 0..<part.batch.count, sequences: part.sequences, in: key)
            }
            batches = [:]
        }
        for change in changes where change.sequence > first && change.sequence <= last {
            switch change {
            case .put(let version):
                try JSONReader(.rfc8259).read(Array(version.text.utf8)) { item in
                    try batches[version.key, default: (ColumnBatch(), [])].batch.append(item: item)
                }
                batches[version.key]?.sequences.append(version.sequence)
            case .remove(let version, let sequence):
                result.remove(version.sequence, from: version.key.number, at: sequence)
            case .removeCollection(let number, let sequence):
                flush(&result)
                result.removeCollection(number, at: sequence)
            }
        }
        flush(&result)
        result.pass(last)
        return result
    }
}

extension CatalogueHistory {
    /// A random change.
    mutating func advance(_ random: inout SeededGenerator) {
        let versions = random.chance(20) ? versions : []
        if versions.isEmpty || random.chance(30) {
            let collection = random.pick(["alpha", "alpha", "beta.x", "é"])
            let id = RandomItem.id(&random)
            // Written again at once, both versions come to the index in one batch.
            for _ in 0...(random.chance(15) ? random.integer(1...3) : 0) {
                put(id, in: collection, text: RandomItem.text(id: id, collection: collection, &random))
            }
        } else if random.chance(2) {
            removeCollection(random.pick(versions).key)
        } else if random.chance(50) {
            remove(random.pick(versions))
        } else {
            let version = random.pick(versions)
            put(
                version.id, in: version.key.id,
                text: RandomItem.text(id: version.id, collection: version.key.id, &random))
        }
    }
}
