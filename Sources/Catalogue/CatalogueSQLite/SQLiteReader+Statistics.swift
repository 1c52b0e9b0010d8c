import Catalogue

extension SQLiteReader {
    func statistics() throws -> StoreStatistics {
        try snapshot {
            let state = try state()
            return StoreStatistics(
                collections: try itemCounts(), lastSequence: state.last, purgedSequence: state.purged)
        }
    }

    func recordedItemCounts() throws -> [CollectionNumber: Int] {
        var counts: [CollectionNumber: Int] = [:]
        for row in try snapshot({ try CollectionRow.loadAll(on: connection) }) where row.isSound {
            counts[row.number] = row.itemCount.map(Int.init)
        }
        return counts
    }

    func itemSizes(in collection: CollectionNumber, atMost count: Int) throws -> (items: Int, bytes: Int) {
        let statement = try Statement(
            """
            SELECT count(*), ifnull(sum(length(item.body)), 0)
            FROM (SELECT sequence FROM item_key WHERE collection = ? LIMIT ?) AS key
                JOIN item ON item.sequence = key.sequence
            """, on: connection)
        statement.bind(collection, at: 1)
        statement.bind(Int64(count), at: 2)
        defer { statement.reset() }
        guard try statement.step() else { return (0, 0) }
        return (Int(statement.integer(0)), Int(statement.integer(1)))
    }

    private func itemCounts() throws -> [StoreStatistics.Collection] {
        let statement = try Statement(
            """
            SELECT id, number, (SELECT count(*) FROM item_key WHERE collection = number) FROM collection ORDER BY id
            """, on: connection)
        var counts: [StoreStatistics.Collection] = []
        while try statement.step() {
            counts.append(
                .init(id: statement.text(0), number: statement.integer(1), itemCount: Int(statement.integer(2))))
        }
        return counts
    }

    /// The part of the database that is free for new rows.
    func freeByteCount() throws -> Int {
        func integer(_ sql: String) throws -> Int {
            let statement = try Statement(sql, on: connection)
            defer { statement.reset() }
            return try statement.step() ? Int(statement.integer(0)) : 0
        }
        return try integer("PRAGMA page_size") * integer("PRAGMA freelist_count")
    }
}
