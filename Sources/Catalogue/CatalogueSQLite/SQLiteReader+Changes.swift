import Catalogue

extension SQLiteReader {
    func changes(after: SequenceNumber, limit: Int, _ body: (StoreChange) throws -> Void) throws {
        var (after, remaining) = (after, limit)
        while remaining > 0 {
            let feed = try ChangeFeed(after: after, on: connection)
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

    init(after: SequenceNumber, on connection: OpaquePointer) throws {
        func statement(_ columns: String, from table: String) throws -> Statement {
            let statement = try Statement(
                "SELECT \(columns) FROM \(table) WHERE sequence > ? ORDER BY sequence", on: connection)
            statement.bind(after, at: 1)
            return statement
        }
        items = try statement("sequence, collection, body, dictionary, links_offset", from: "item")
        removals = try statement("sequence, collection, removed, replaced", from: "removal")
        collections = try statement("sequence, collection, id, body", from: "collection_change")
    }

    /// - Parameters:
    ///   - limit: At least 1.
    ///   - endsWhole: Omits the last change if it is a removal whose replacement comes next.
    /// - Returns: The number of changes delivered.
    func deliver(_ limit: Int, endsWhole: Bool, _ body: (StoreChange) throws -> Void) throws -> Int {
        defer { for statement in [items, removals, collections] { statement.reset() } }
        func next(_ statement: Statement) throws -> SequenceNumber {
            try statement.step() ? statement.integer(0) : .max
        }
        var (item, removal, collection) = (try next(items), try next(removals), try next(collections))
        var delivered = 0
        while delivered < limit {
            switch min(item, removal, collection) {
            case .max: return delivered
            case item:
                last = item
                try body(.putItem(item, items.integer(1), StoredBody(items, at: 2)))
                item = try next(items)
            case removal:
                if endsWhole, delivered == limit - 1, removals.integer(3) != 0 { return delivered }
                last = removal
                try body(.removedItem(removal, removals.integer(1), removed: removals.integer(2)))
                removal = try next(removals)
            default:
                last = collection
                if collections.isNull(3) {
                    try body(.removedCollection(collection, collections.integer(1)))
                } else {
                    try body(.putCollection(StoredCollection(collections)))
                }
                collection = try next(collections)
            }
            delivered += 1
        }
        return delivered
    }
}
