import Catalogue

extension SQLiteReader {
    func identifier() throws -> String {
        let statement = try Statement("SELECT identity FROM state", on: connection)
        defer { statement.reset() }
        return try statement.step() ? statement.text(0) : ""
    }

    /// Works in many short snapshots of the database, not one, unless it is pinned: concurrent writes may or may not be
    /// included.
    func forEachItem(in collection: CollectionNumber, _ body: (String, SequenceNumber) throws -> Void) throws {
        let statement = try Statement(
            "SELECT id, sequence FROM item_key WHERE collection = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
            on: connection)
        var last = ""
        var count = Self.rowsPerSnapshot
        while count == Self.rowsPerSnapshot {
            count = 0
            var chunk: [(String, SequenceNumber)] = []
            do {
                defer { statement.reset() }
                statement.bind(collection, at: 1)
                var lower = last
                try lower.withUTF8 { bytes in
                    statement.bind(text: bytes, at: 2)
                    statement.bind(Int64(Self.rowsPerSnapshot), at: 3)
                    while try statement.step() { chunk.append((statement.text(0), statement.integer(1))) }
                }
            }
            for (id, sequence) in chunk {
                try body(id, sequence)
                last = id
                count += 1
            }
        }
    }
}
