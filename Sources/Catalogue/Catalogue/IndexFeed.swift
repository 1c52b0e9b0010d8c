import JSON
import Logging
import SearchIndex

/// A store's changes, converted to index changes.
struct IndexFeed {
    /// Changes read at once: enough for segments of a good size when an index is rebuilt.
    static let changesAtOnce = 65_536
    /// Row bytes at which a batch ends early.
    private static let bytesAtOnce = 256 << 20

    let codec: BodyCodec
    var logger = Logger.current
    /// Calls the last argument with at most that many changes, in order, that follow a sequence.
    let read: (SequenceNumber, Int, (StoreChange) throws -> Void) throws -> Void

    /// The next changes. Items that cannot be read are logged and skipped.
    ///
    /// - Parameters:
    ///   - collectionID: Returns `nil` for a removed collection.
    ///   - noting: Called with every collection that is written.
    func changes(
        after sequence: SequenceNumber, collectionID: (CollectionNumber) throws -> String?,
        noting: (StoredCollection) -> Void = { _ in }
    ) throws -> IndexChanges {
        var feed = FeedReading(changes: IndexChanges(after: sequence))
        do {
            try codec.withUnpacker { unpacker in
                try read(sequence, Self.changesAtOnce) { change in
                    try feed.take(change, unpacker)
                    if case .putCollection(let collection) = change { noting(collection) }
                    // Not after a removal: its replacement may come next.
                    if case .putItem = change, feed.byteCount > Self.bytesAtOnce { throw Enough() }
                }
            }
        } catch is Enough {}
        feed.logUnreadable(logger)
        for (number, batch) in feed.batches {
            guard let id = try collectionID(number) else { continue }
            feed.changes.put(
                batch.columns, rows: 0..<batch.columns.count, sequences: batch.sequences,
                in: .init(number: number, id: id))
        }
        return feed.changes
    }

    /// Ends the reading of changes early.
    private struct Enough: Error {}

    /// Whether an Item is permanently unreadable: it must not block all others.
    static func concernsOneItem(_ error: any Error) -> Bool {
        if let error = error as? CatalogueError { return error.code == .storeDamaged }
        return InputFault(error) != nil
    }
}

/// Changes in transit from the store's feed to the index.
private struct FeedReading {
    var changes: IndexChanges
    var batches: [CollectionNumber: (columns: ColumnBatch, sequences: [SequenceNumber])] = [:]
    /// Size of the largest batch.
    private(set) var byteCount = 0
    /// Items in the store that cannot be searched, and the reason; only the first of them.
    private var unreadable: [(sequence: SequenceNumber, error: any Error)] = []
    private var unreadableCount = 0

    private static let loggedCount = 10

    init(changes: IndexChanges) {
        self.changes = changes
    }

    mutating func take(_ change: StoreChange, _ unpacker: BodyCodec.Unpacker) throws {
        switch change {
        case .putCollection(let collection): changes.pass(collection.sequence)
        case .removedCollection(let sequence, let number):
            batches[number] = nil
            changes.removeCollection(number, at: sequence)
        case .putItem(let sequence, let number, let body):
            changes.pass(sequence)
            do {
                try unpacker.withItem(of: body) { item in
                    try batches[number, default: (ColumnBatch(), [])].columns.append(item: item)
                    batches[number]?.sequences.append(sequence)
                }
                byteCount = max(byteCount, batches[number]?.columns.byteCount ?? 0)
            } catch  where IndexFeed.concernsOneItem(error) {
                recordUnreadable(sequence, error)
            }
        case .removedItem(let sequence, let number, let removed):
            changes.remove(removed, from: number, at: sequence)
        case .damaged(let sequence):
            changes.pass(sequence)
            recordUnreadable(
                sequence, CatalogueError(.storeDamaged, "The record of an Item's removal is damaged."))
        }
    }

    private mutating func recordUnreadable(_ sequence: SequenceNumber, _ error: any Error) {
        unreadableCount += 1
        if unreadable.count < Self.loggedCount { unreadable.append((sequence, error)) }
    }

    func logUnreadable(_ logger: Logger) {
        for (sequence, error) in unreadable {
            logger.error(
                "An Item cannot be indexed",
                metadata: ["catalogue.sequence": "\(sequence)", "error": "\(error)"])
        }
        if unreadableCount > unreadable.count {
            logger.error(
                "More Items cannot be indexed", metadata: ["count": "\(unreadableCount - unreadable.count)"])
        }
    }
}
