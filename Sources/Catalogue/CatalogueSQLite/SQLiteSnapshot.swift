import Catalogue
import Synchronization

/// A snapshot of a database for the lifetime of this object, on a connection of its own; threads read one after the
/// other. The log grows meanwhile.
final class SQLiteSnapshot: ItemStoreReader {
    private let reader: Mutex<SQLiteReader>

    init(path: String, access: SQLiteReader.Access, configuration: SQLiteItemStore.Configuration) throws {
        reader = Mutex(
            try catalogueErrors {
                let reader = try SQLiteReader(path: path, access: access, configuration: configuration)
                try reader.pin()
                return reader
            })
    }

    private func read<Result: Sendable>(_ body: (SQLiteReader) throws -> Result) throws -> Result {
        try reader.withLock { reader in
            let reader = reader
            return try catalogueErrors { try body(reader) }
        }
    }

    func collections(reusing known: [StoredCollection]) throws -> [StoredCollection] {
        try read { try $0.collections(reusing: known) }
    }

    func collection(id: String) throws -> StoredCollection? {
        try read { try $0.collection(id: id) }
    }

    func lastCollectionSequence() throws -> SequenceNumber {
        try read { try $0.lastCollectionSequence() }
    }

    func sequence(of id: String, in collection: CollectionNumber) throws -> SequenceNumber? {
        try read { try $0.sequence(of: id, in: collection) }
    }

    func withBodies(_ sequences: [SequenceNumber], _ body: (Int, StoredBody) throws -> Void) throws {
        try read { try $0.withBodies(sequences, body) }
    }

    func forEachItem(
        in collection: CollectionNumber, _ body: (String, SequenceNumber) throws -> Void
    ) throws -> Int {
        try read { try $0.forEachItem(in: collection, body) }
    }

    func dictionary(_ number: Int64) throws -> [UInt8]? {
        try read { try $0.dictionary(number) }
    }

    func latestDictionary(of collection: CollectionNumber) throws -> (number: Int64, bytes: [UInt8])? {
        try read { try $0.latestDictionary(of: collection) }
    }

    func lastSequence() throws -> SequenceNumber {
        try read { try $0.lastSequence() }
    }

    func changes(after: SequenceNumber, limit: Int, _ body: (StoreChange) throws -> Void) throws {
        try read { try $0.changes(after: after, limit: limit, body) }
    }

    func itemCounts() throws -> [CollectionNumber: Int] {
        try read { try $0.recordedItemCounts() }
    }

    func itemSizes(in collection: CollectionNumber, atMost count: Int) throws -> (items: Int, bytes: Int) {
        try read { try $0.itemSizes(in: collection, atMost: count) }
    }

    func statistics() throws -> StoreStatistics {
        try read { try $0.statistics() }
    }
}
