import Catalogue

extension SQLiteReader {
    func identifier() throws -> String {
        try state().identity
    }

    /// Works in many short snapshots of the database, not one, unless it is pinned: concurrent writes may or may not be
    /// included.
    ///
    /// - Returns: The number of damaged entries, which are left out.
    func forEachItem(
        in collection: CollectionNumber, _ body: (String, SequenceNumber) throws -> Void
    ) throws -> Int {
        var damagedCount = 0
        let statement = try Statement(
            "SELECT id, sequence, checksum FROM item_key WHERE collection = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
            on: connection)
        var last = ""
        var count = Self.rowsPerSnapshot
        while count == Self.rowsPerSnapshot {
            count = 0
            var chunk: [(id: String, sequence: SequenceNumber, isSound: Bool)] = []
            do {
                defer { statement.reset() }
                statement.bind(collection, at: 1)
                var lower = last
                try lower.withUTF8 { bytes in
                    statement.bind(text: bytes, at: 2)
                    statement.bind(Int64(Self.rowsPerSnapshot), at: 3)
                    while try statement.step() {
                        let sequence = statement.integer(1)
                        let isSound = statement.hasChecksum(
                            RowChecksum.key(collection, sequence, statement.bytes(0)), at: 2,
                            mayLack: sequence <= uncheckedThrough)
                        chunk.append((statement.text(0), sequence, isSound))
                    }
                }
            }
            for entry in chunk {
                if entry.isSound { try body(entry.id, entry.sequence) } else { damagedCount += 1 }
                last = entry.id
                count += 1
            }
        }
        return damagedCount
    }

    func names(of sequences: Set<SequenceNumber>) throws -> [SequenceNumber: ItemName] {
        guard !sequences.isEmpty else { return [:] }
        let rows = try snapshot { try CollectionRow.loadAll(on: connection) }
        let ids = Dictionary(uniqueKeysWithValues: rows.map { ($0.number, $0.id) })
        let statement = try Statement("SELECT sequence, collection, id FROM item_key", on: connection)
        defer { statement.reset() }
        var names: [SequenceNumber: ItemName] = [:]
        while names.count < sequences.count, try statement.step() {
            let sequence = statement.integer(0)
            guard sequences.contains(sequence), let collection = ids[statement.integer(1)] else { continue }
            names[sequence] = ItemName(collection: collection, id: statement.text(2))
        }
        return names
    }
}
