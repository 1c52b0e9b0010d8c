import Catalogue

extension SQLiteReader {
    func changes(after: SequenceNumber, limit: Int, _ body: (StoreChange) throws -> Void) throws {
        var (after, remaining) = (after, limit)
        while remaining > 0 {
            let feed = try ChangeFeed(after: after, uncheckedThrough: uncheckedThrough, on: connection)
            let count = min(remaining, Self.rowsPerSnapshot)
            // A removal must not be the last change if the version's replacement comes next: a follower would miss an
            // Item that existed all the time.
            let endsWhole = count == remaining && limit > 1
            let delivered = try snapshot { try feed.deliver(count, endsWhole: endsWhole, body) }
            guard delivered == count, let last = feed.last else { return }
            (after, remaining) = (last, remaining - delivered)
        }
    }
}

/// The changes of collections, Items and removals, merged by their sequence.
private final class ChangeFeed {
    private let items, removals, collections: Statement
    /// The sequence of the change delivered last.
    private(set) var last: SequenceNumber?

    private let uncheckedThrough: SequenceNumber

    init(after: SequenceNumber, uncheckedThrough: SequenceNumber, on connection: OpaquePointer) throws {
        self.uncheckedThrough = uncheckedThrough
        func statement(_ columns: String, from table: String) throws -> Statement {
            let statement = try Statement(
                "SELECT \(columns) FROM \(table) WHERE sequence > ? ORDER BY sequence", on: connection)
            statement.bind(after, at: 1)
            return statement
        }
        items = try statement("\(StoredBody.columns), sequence", from: "item")
        removals = try statement("sequence, collection, removed, replaced, checksum", from: "removal")
        collections = try statement("sequence, collection, id, body, checksum", from: "collection_change")
    }

    /// - Parameters:
    ///   - limit: At least 1.
    ///   - endsWhole: Omits the last change if it is a removal whose replacement comes next.
    /// - Returns: The number of changes delivered.
    func deliver(_ limit: Int, endsWhole: Bool, _ body: (StoreChange) throws -> Void) throws -> Int {
        defer { for statement in [items, removals, collections] { statement.reset() } }
        func next(_ statement: Statement, _ column: Int32 = 0) throws -> SequenceNumber {
            try statement.step() ? statement.integer(column) : .max
        }
        var (item, removal, collection) = (try next(items, 5), try next(removals), try next(collections))
        var delivered = 0
        while delivered < limit {
            switch min(item, removal, collection) {
            case .max: return delivered
            case item:
                last = item
                try body(
                    .putItem(
                        item, items.integer(3),
                        StoredBody(items, sequence: item, uncheckedThrough: uncheckedThrough)))
                item = try next(items, 5)
            case removal:
                if endsWhole, delivered == limit - 1, removals.integer(3) != 0 { return delivered }
                last = removal
                let (number, removed) = (removals.integer(1), removals.integer(2))
                let checksum = RowChecksum.removal(removal, number, removed, removals.integer(3))
                let isSound = removals.hasChecksum(checksum, at: 4, mayLack: removal <= uncheckedThrough)
                try body(isSound ? .removedItem(removal, number, removed: removed) : .damaged(removal))
                removal = try next(removals)
            default:
                last = collection
                let isSound = collections.hasCollectionChecksum(sequence: collection, at: 1)
                if !isSound, collections.isNull(3) {
                    try body(.damaged(collection))
                } else if collections.isNull(3) {
                    try body(.removedCollection(collection, collections.integer(1)))
                } else {
                    try body(
                        .putCollection(
                            StoredCollection(
                                number: collections.integer(1), id: collections.text(2), sequence: collection,
                                body: Array(collections.bytes(3)), isDamaged: !isSound)))
                }
                collection = try next(collections)
            }
            delivered += 1
        }
        return delivered
    }
}
