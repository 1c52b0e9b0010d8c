import Catalogue
import SQLDatabase

extension PostgreSQLReader {
    private enum Kind {
        static let item: Int64 = 1
        static let removal: Int64 = 2
        static let collection: Int64 = 3
    }

    /// The changes of the three tables by their number, each statement those of one state.
    private static let feed = """
        SELECT sequence, kind, collection, number, detail, id, body, checksum FROM (
            (SELECT sequence, 1 AS kind, collection, dictionary AS number, links_offset AS detail, '' AS id, body, checksum
                FROM catalogue_item_versions WHERE sequence > ? ORDER BY sequence LIMIT ?)
            UNION ALL
            (SELECT sequence, 2, collection, removed, replaced, '', NULL, checksum
                FROM catalogue_removals WHERE sequence > ? ORDER BY sequence LIMIT ?)
            UNION ALL
            (SELECT sequence, 3, collection, 0, 0, id, body, checksum
                FROM catalogue_collection_changes WHERE sequence > ? ORDER BY sequence LIMIT ?)
        ) AS changes ORDER BY sequence LIMIT ?
        """

    func changes(after: SequenceNumber, limit: Int, _ body: (StoreChange) throws -> Void) throws {
        var (after, remaining, count) = (after, limit, Self.bodiesAtOnce)
        while remaining > 0 {
            count = min(count, remaining)
            let (first, atMost) = (DatabaseValue.integer(after), DatabaseValue.integer(Int64(count)))
            var rows = try source.rows(Self.feed, [first, atMost, first, atMost, first, atMost, atMost])
            let isLast = rows.count < count
            // A removal must not be the last change if the version's replacement comes next: a follower would miss an
            // Item that existed all the time.
            if count == remaining, limit > 1, !isLast, let last = rows.last, last.integer(1) == Kind.removal,
                last.integer(4) != 0
            {
                rows.removeLast()
                remaining = rows.count
            }
            for row in rows { try Self.deliver(row, body) }
            guard !isLast, let last = rows.last else { return }
            (after, remaining) = (last.integer(0), remaining - rows.count)
            count = Self.count(after: rows, bodyAt: 6)
        }
    }

    private static func deliver(_ row: Row, _ body: (StoreChange) throws -> Void) throws {
        let (sequence, collection, number) = (row.integer(0), row.integer(2), row.integer(3))
        switch row.integer(1) {
        case Kind.item:
            try row.bytes(6).withUnsafeBytes { frame in
                let read = StoredBody(frame: frame, dictionary: number, linksOffset: Int(row.integer(4)))
                let isSound = row.integer(7) == RowChecksum.item(sequence, collection, read)
                let stored = isSound ? read : StoredBody(damage: "The Item's checksum is wrong: it is damaged.")
                try body(.putItem(sequence, collection, stored))
            }
        case Kind.removal:
            let isSound = row.integer(7) == RowChecksum.removal(sequence, collection, number, row.integer(4))
            try body(isSound ? .removedItem(sequence, collection, removed: number) : .damaged(sequence))
        default:
            let content = row.isNull(6) ? nil : row.bytes(6)
            let checksum = RowChecksum.collectionChange(sequence, collection, row.text(5), content)
            let isSound = row.integer(7) == checksum
            if let content {
                try body(
                    .putCollection(
                        StoredCollection(
                            number: collection, id: row.text(5), sequence: sequence, body: content,
                            isDamaged: !isSound)))
            } else {
                try body(isSound ? .removedCollection(sequence, collection) : .damaged(sequence))
            }
        }
    }
}
