import Catalogue

/// Rows of stores from before there were checksums.
extension SQLiteItemStore {
    public func uncheckedCount() throws -> Int {
        try readers.withReader { reader in
            guard try reader.state().unchecked > 0 else { return 0 }
            let statement = try Statement("SELECT count(*) FROM item WHERE checksum IS NULL", on: reader.connection)
            defer { statement.reset() }
            return try statement.step() ? Int(statement.integer(0)) : 0
        }
    }

    public func addChecksums(onProgress: (Int) -> Void) throws {
        let end = try readers.withReader { try $0.state().unchecked }
        guard end > 0 else { return }
        let step = SequenceNumber(SQLiteTransaction.purgeCount)
        var count = 0
        for start in stride(from: SequenceNumber(1), through: end, by: Int(step)) {
            count += try writer.write { try $0.addItemChecksums(with: start...min(end, start + step - 1)) }
            onProgress(count)
        }
        try writer.write { try $0.addRemovalChecksums(through: end) }
        for collection in try collections() {
            var last: String? = ""
            while let first = last {
                last = try writer.write { try $0.addKeyChecksums(of: collection.number, after: first) }
            }
            try writer.write { try $0.countItems(of: collection.number) }
        }
        try writer.write { $0.recordChecksums() }
    }
}

extension SQLiteTransaction {
    /// - Returns: The number of Items.
    fileprivate func addItemChecksums(with sequences: ClosedRange<SequenceNumber>) throws -> Int {
        try perform {
            let items = try Statement(
                """
                SELECT \(StoredBody.columns), sequence FROM item
                WHERE sequence BETWEEN ? AND ? AND checksum IS NULL
                """, on: connection)
            items.bind(sequences.lowerBound, at: 1)
            items.bind(sequences.upperBound, at: 2)
            var checksums: [(sequence: SequenceNumber, checksum: Int64)] = []
            while try items.step() {
                let sequence = items.integer(5)
                let body = StoredBody(items, sequence: sequence, uncheckedThrough: uncheckedThrough)
                checksums.append((sequence, RowChecksum.item(sequence, items.integer(3), body)))
            }
            let update = try Statement("UPDATE item SET checksum = ?2 WHERE sequence = ?1", on: connection)
            for row in checksums {
                update.bind(row.sequence, at: 1)
                update.bind(row.checksum, at: 2)
                try update.run()
            }
            return checksums.count
        }
    }

    fileprivate func addRemovalChecksums(through end: SequenceNumber) throws {
        try perform {
            let removals = try Statement(
                "SELECT sequence, collection, removed, replaced FROM removal WHERE sequence <= ? AND checksum IS NULL",
                on: connection)
            removals.bind(end, at: 1)
            var checksums: [(sequence: SequenceNumber, checksum: Int64)] = []
            while try removals.step() {
                let checksum = RowChecksum.removal(
                    removals.integer(0), removals.integer(1), removals.integer(2), removals.integer(3))
                checksums.append((removals.integer(0), checksum))
            }
            let update = try Statement("UPDATE removal SET checksum = ?2 WHERE sequence = ?1", on: connection)
            for row in checksums {
                update.bind(row.sequence, at: 1)
                update.bind(row.checksum, at: 2)
                try update.run()
            }
        }
    }

    /// - Returns: The last id of this step; `nil` when there are no more.
    fileprivate func addKeyChecksums(of collection: CollectionNumber, after first: String) throws -> String? {
        try perform {
            let keys = try Statement(
                """
                SELECT id, sequence FROM item_key WHERE collection = ?1 AND id > ?2 ORDER BY id
                LIMIT \(Self.purgeCount)
                """, on: connection)
            var (first, rows): (String, [(id: String, sequence: SequenceNumber)]) = (first, [])
            try first.withUTF8 { utf8 in
                keys.bind(collection, at: 1)
                keys.bind(text: utf8, at: 2)
                while try keys.step() { rows.append((keys.text(0), keys.integer(1))) }
            }
            let update = try Statement(
                """
                UPDATE item_key SET checksum = ?3 WHERE collection = ?1 AND id = ?2 AND checksum IS NULL
                """, on: connection)
            for (id, sequence) in rows {
                var id = id
                try id.withUTF8 { utf8 in
                    update.bind(collection, at: 1)
                    update.bind(text: utf8, at: 2)
                    update.bind(RowChecksum.key(collection, sequence, UnsafeRawBufferPointer(utf8)), at: 3)
                    try update.run()
                }
            }
            return rows.last?.id
        }
    }

    /// Counts a collection's Items, unless they are known.
    fileprivate func countItems(of collection: CollectionNumber) throws {
        try perform {
            guard var row = try CollectionRow.load(collection, on: connection), row.itemCount == nil else { return }
            let keys = try Statement("SELECT id, sequence FROM item_key WHERE collection = ?", on: connection)
            keys.bind(collection, at: 1)
            var (count, digest): (Int64, Int64) = (0, 0)
            while try keys.step() {
                count += 1
                digest ^= RowChecksum.key(collection, keys.integer(1), keys.bytes(0))
            }
            (row.itemCount, row.digest) = (count, digest)
            try row.save(on: connection)
        }
    }
}
