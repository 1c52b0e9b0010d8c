import Catalogue
import SQLDatabase

/// The steps of a purge, each short enough not to block other writers for long.
extension PostgreSQLTransaction {
    /// Rows per step.
    private static let purgeCount = 16_384

    /// - Returns: Whether there may be more.
    func purgeRemovals(through: SequenceNumber) throws -> Bool {
        try perform {
            let rows = try transaction.rows(
                """
                SELECT sequence, collection, removed, replaced, checksum FROM catalogue_removals
                WHERE sequence > ? AND sequence <= ? ORDER BY sequence LIMIT \(Self.purgeCount)
                """, state.purged, through)
            guard let last = rows.last else { return false }
            for row in rows {
                let checksum = RowChecksum.removal(row.integer(0), row.integer(1), row.integer(2), row.integer(3))
                // A damaged record must not remove another Item than its own.
                guard row.integer(4) == checksum else {
                    throw CatalogueError(.storeDamaged, "The record of an Item's removal is damaged.")
                }
            }
            try transaction.execute(
                """
                DELETE FROM catalogue_item_versions
                WHERE sequence = ANY(CAST(? AS BIGINT[])) AND removed_at IS NOT NULL
                """, values: [.array(rows.map { $0.integer(2) })])
            recordPurge(through: last.integer(0))
            return rows.count == Self.purgeCount
        }
    }

    /// The removed collections that still have data.
    func removedCollections(through: SequenceNumber) throws -> [CollectionNumber] {
        try perform {
            try transaction.rows(
                """
                SELECT DISTINCT collection FROM catalogue_collection_changes
                WHERE body IS NOT NULL AND collection IN (
                    SELECT collection FROM catalogue_collection_changes WHERE body IS NULL AND sequence <= ?)
                """, through
            ).map { $0.integer(0) }
        }
    }

    /// - Returns: Whether there are more.
    func purgeItems(of collection: CollectionNumber) throws -> Bool {
        try perform {
            try transaction.execute(
                """
                DELETE FROM catalogue_item_versions WHERE sequence IN (
                    SELECT sequence FROM catalogue_item_versions WHERE collection = ? AND removed_at IS NULL
                    ORDER BY id LIMIT \(Self.purgeCount))
                """, collection) == Self.purgeCount
        }
    }

    /// Leaves only the change that records the removal of the collection.
    func purgeCollection(_ collection: CollectionNumber) throws {
        try perform {
            try transaction.execute("DELETE FROM catalogue_dictionaries WHERE collection = ?", collection)
            try transaction.execute("DELETE FROM catalogue_item_counts WHERE collection = ?", collection)
            try transaction.execute(
                "DELETE FROM catalogue_collection_changes WHERE collection = ? AND body IS NOT NULL", collection)
        }
    }

    /// Of each collection's puts, leaves the last, and the first: without it, a follower would read its Items first. Of its
    /// counts, leaves the last.
    func purgeOutdated(through: SequenceNumber) throws {
        try perform {
            try transaction.execute(
                """
                DELETE FROM catalogue_collection_changes AS put
                WHERE sequence <= ? AND body IS NOT NULL
                    AND EXISTS (
                        SELECT 1 FROM catalogue_collections WHERE number = put.collection AND sequence <> put.sequence)
                    AND EXISTS (
                        SELECT 1 FROM catalogue_collection_changes AS earlier
                        WHERE earlier.collection = put.collection AND earlier.sequence < put.sequence)
                """, through)
            try transaction.execute(
                """
                DELETE FROM catalogue_item_counts AS old
                WHERE sequence <= ? AND EXISTS (
                    SELECT 1 FROM catalogue_item_counts AS newer
                    WHERE newer.collection = old.collection AND newer.sequence > old.sequence)
                """, through)
        }
    }
}
