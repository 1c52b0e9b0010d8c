import Catalogue

/// The steps of a purge, each short enough not to block other writers for long.
extension SQLiteTransaction {
    /// Rows, or sequences, per step.
    static let purgeCount = 16_384

    /// - Returns: Whether there may be more.
    func purgeRemovals(through: SequenceNumber) throws -> Bool {
        let range = "sequence > (SELECT purged FROM state) AND sequence <= ?"
        // A damaged record must not remove another Item than its own.
        guard try removalsAreSound("WHERE \(range) ORDER BY sequence LIMIT \(Self.purgeCount)", through) else {
            throw CatalogueError(.storeDamaged, "The record of an Item's removal is damaged.")
        }
        let end = try integer(
            """
            SELECT max(sequence) FROM (
                SELECT sequence FROM removal WHERE \(range) ORDER BY sequence LIMIT \(Self.purgeCount))
            """, through)
        guard let end else { return false }
        try run("DELETE FROM item WHERE sequence IN (SELECT removed FROM removal WHERE \(range))", end)
        recordPurge(through: end)
        return true
    }

    private func removalsAreSound(_ condition: String, _ parameter: Int64) throws -> Bool {
        try perform {
            let statement = try Statement(
                "SELECT sequence, collection, removed, replaced, checksum FROM removal \(condition)", on: connection)
            statement.bind(parameter, at: 1)
            defer { statement.reset() }
            while try statement.step() {
                let sequence = statement.integer(0)
                let checksum = RowChecksum.removal(
                    sequence, statement.integer(1), statement.integer(2), statement.integer(3))
                guard statement.hasChecksum(checksum, at: 4, mayLack: sequence <= uncheckedThrough) else {
                    return false
                }
            }
            return true
        }
    }

    /// The removed collections that still have data.
    func removedCollections(through: SequenceNumber) throws -> [CollectionNumber] {
        try perform {
            let statement = try Statement(
                """
                SELECT DISTINCT collection FROM collection_change AS put
                WHERE body IS NOT NULL AND collection IN
                    (SELECT collection FROM collection_change WHERE body IS NULL AND sequence <= ?)
                """, on: connection)
            statement.bind(through, at: 1)
            var numbers: [CollectionNumber] = []
            while try statement.step() { numbers.append(statement.integer(0)) }
            return numbers
        }
    }

    /// The range of sequences of a collection's current versions.
    func sequences(of collection: CollectionNumber) throws -> ClosedRange<SequenceNumber>? {
        let first = try integer("SELECT min(sequence) FROM item_key WHERE collection = ?", collection)
        let last = try integer("SELECT max(sequence) FROM item_key WHERE collection = ?", collection)
        guard let first, let last else { return nil }
        return first...last
    }

    /// Deletes by sequence, not by key: the rows of consecutive keys are scattered over the table, whose pages would be
    /// written again and again.
    func purgeItems(of collection: CollectionNumber, with sequences: ClosedRange<SequenceNumber>) throws {
        try run(
            "DELETE FROM item WHERE collection = ? AND sequence BETWEEN ? AND ?", collection, sequences.lowerBound,
            sequences.upperBound)
    }

    /// - Returns: Whether there are more.
    func purgeKeys(of collection: CollectionNumber) throws -> Bool {
        try run(
            """
            DELETE FROM item_key WHERE collection = ?1 AND id IN
                (SELECT id FROM item_key WHERE collection = ?1 ORDER BY id LIMIT \(Self.purgeCount))
            """, collection)
        return try integer("SELECT 1 FROM item_key WHERE collection = ? LIMIT 1", collection) != nil
    }

    /// Leaves only the change that records the removal of the collection.
    func purgeCollection(_ collection: CollectionNumber) throws {
        try run("DELETE FROM dictionary WHERE collection = ?", collection)
        try run("DELETE FROM collection_change WHERE collection = ? AND body IS NOT NULL", collection)
    }

    /// Of each collection's puts, leaves the last, and the first: without it, a follower would read its Items first.
    func purgeCollectionPuts(through: SequenceNumber) throws {
        try run(
            """
            DELETE FROM collection_change AS put
            WHERE sequence <= ? AND body IS NOT NULL
                AND EXISTS (SELECT 1 FROM collection WHERE number = put.collection AND sequence <> put.sequence)
                AND EXISTS (
                    SELECT 1 FROM collection_change AS earlier
                    WHERE earlier.collection = put.collection AND earlier.sequence < put.sequence)
            """, through)
    }

    private func run(_ sql: String, _ parameters: Int64...) throws {
        try perform {
            let statement = try Statement(sql, on: connection)
            for (index, parameter) in parameters.enumerated() { statement.bind(parameter, at: Int32(index + 1)) }
            try statement.run()
        }
    }

    private func integer(_ sql: String, _ parameter: Int64) throws -> Int64? {
        try perform {
            let statement = try Statement(sql, on: connection)
            statement.bind(parameter, at: 1)
            defer { statement.reset() }
            return try statement.step() && !statement.isNull(0) ? statement.integer(0) : nil
        }
    }
}
