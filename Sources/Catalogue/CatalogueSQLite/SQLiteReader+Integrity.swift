import Catalogue

extension SQLiteReader {
    /// The faults of the store; see `SQLiteItemStore.integrityCheck`.
    func integrityCheck() throws -> [String] {
        try snapshot {
            var check = try IntegrityCheck(reader: self)
            try check.run()
            return check.faults
        }
    }
}

/// Checks that each key has its Item and each Item its key or the record of its removal.
///
/// Items have no index by which a row's key could be found, and keys are stored in another order than Items. So the
/// check processes the sequences in windows: it records the row that keys and removals expect at each sequence of the
/// window, and compares these with the actual rows. All reads are in the order of the tables.
private struct IntegrityCheck {
    private(set) var faults: [String] = []
    private let reader: SQLiteReader
    private let last: SequenceNumber
    /// The existing collections, by number; expectations refer to them by their index here.
    private let collections: [CollectionNumber]
    private let dictionaries: Set<Int64>

    private static let maximumFaultCount = 100
    private static let windowCount = 1 << 23

    private enum Expected {
        static let nothing: UInt32 = 0
        /// A version that was replaced or removed; it may have been purged.
        static let removed: UInt32 = 1
        /// The lowest of the numbers for a current version: `current` + the collection's index.
        static let current: UInt32 = 2
    }

    init(reader: SQLiteReader) throws {
        self.reader = reader
        last = try reader.lastSequence()
        func numbers(_ sql: String) throws -> [Int64] {
            let statement = try Statement(sql, on: reader.connection)
            var numbers: [Int64] = []
            while try statement.step() { numbers.append(statement.integer(0)) }
            return numbers
        }
        collections = try numbers("SELECT number FROM collection ORDER BY number")
        dictionaries = Set(try numbers("SELECT number FROM dictionary")).union([0])
    }

    mutating func run() throws {
        try checkStructure()
        // If the database itself is damaged, further checks are pointless.
        guard faults.isEmpty else { return }
        try checkSequences()
        try checkCollections()
        var start: SequenceNumber = 1
        while start <= last, faults.count < Self.maximumFaultCount {
            let end = min(last, start + SequenceNumber(Self.windowCount) - 1)
            try checkItems(with: start...end)
            start = end + 1
        }
    }

    private mutating func report(_ fault: String) {
        if faults.count < Self.maximumFaultCount { faults.append(fault) }
    }

    private func rows(_ sql: String, _ parameters: Int64..., body: (Statement) throws -> Void) throws {
        let statement = try Statement(sql, on: reader.connection)
        for (index, parameter) in parameters.enumerated() { statement.bind(parameter, at: Int32(index + 1)) }
        defer { statement.reset() }
        while try statement.step() { try body(statement) }
    }

    private mutating func checkStructure() throws {
        var lines: [String] = []
        try rows("PRAGMA integrity_check(\(Self.maximumFaultCount))") { lines.append($0.text(0)) }
        if lines != ["ok"] { for line in lines { report("SQLite: \(line)") } }
    }

    private mutating func checkSequences() throws {
        var lines: [String] = []
        for table in ["item", "removal", "collection_change", "item_key"] {
            try rows("SELECT max(sequence) FROM \(table)") { row in
                let highest = row.integer(0)
                if highest > last { lines.append("Table \(table) goes up to \(highest), the count only to \(last).") }
            }
        }
        let shared = """
            SELECT sequence FROM removal WHERE EXISTS (SELECT 1 FROM item WHERE item.sequence = removal.sequence)
            UNION ALL SELECT sequence FROM collection_change AS c WHERE
                EXISTS (SELECT 1 FROM item WHERE item.sequence = c.sequence)
                OR EXISTS (SELECT 1 FROM removal WHERE removal.sequence = c.sequence)
            """
        try rows(shared) { lines.append("Two changes have the sequence \($0.integer(0)).") }
        for line in lines { report(line) }
    }

    private mutating func checkCollections() throws {
        var lines: [String] = []
        let sql = """
            SELECT id FROM collection AS c WHERE NOT EXISTS (
                SELECT 1 FROM collection_change AS put
                WHERE put.sequence = c.sequence AND put.collection = c.number AND put.id = c.id
                    AND put.body IS NOT NULL)
            """
        try rows(sql) { lines.append("The collection \($0.text(0)) has lost its content.") }
        for line in lines { report(line) }
    }

    private mutating func checkItems(with sequences: ClosedRange<SequenceNumber>) throws {
        var (expected, lines) = try expectations(at: sequences)
        let sql = "SELECT sequence, collection, dictionary FROM item WHERE sequence BETWEEN ? AND ? ORDER BY sequence"
        try rows(sql, sequences.lowerBound, sequences.upperBound) { row in
            let (sequence, collection, dictionary) = (row.integer(0), row.integer(1), row.integer(2))
            let index = Int(sequence - sequences.lowerBound)
            let place = place(of: collection)
            switch expected[index] {
            case Expected.nothing:
                // The rest of a removed collection awaits the purge.
                if place != nil { lines.append("The Item version \(sequence) is neither current nor removed.") }
            case Expected.removed: break
            case let expectation:
                if place.map({ Expected.current + $0 }) != expectation {
                    lines.append("The Item version \(sequence) has a key in another collection.")
                }
            }
            expected[index] = Expected.nothing
            if place != nil, !dictionaries.contains(dictionary) {
                lines.append("The Item version \(sequence) needs the missing dictionary \(dictionary).")
            }
        }
        for (index, expectation) in expected.enumerated() where expectation >= Expected.current {
            lines.append("The current Item version \(sequences.lowerBound + Int64(index)) is missing.")
            if lines.count >= Self.maximumFaultCount { break }
        }
        for line in lines { report(line) }
    }

    private func expectations(
        at sequences: ClosedRange<SequenceNumber>
    ) throws -> (expected: [UInt32], faults: [String]) {
        var expected = [UInt32](repeating: Expected.nothing, count: sequences.count)
        var faults: [String] = []
        for (place, collection) in collections.enumerated() {
            let sql = "SELECT sequence, id FROM item_key WHERE collection = ?"
            try rows(sql, collection) { row in
                let sequence = row.integer(0)
                guard sequences.contains(sequence) else { return }
                let index = Int(sequence - sequences.lowerBound)
                if expected[index] != Expected.nothing {
                    faults.append("The Item version \(sequence) has two keys, one of them \(row.text(1)).")
                }
                expected[index] = Expected.current + UInt32(place)
            }
        }
        try rows("SELECT sequence, removed FROM removal") { row in
            let removed = row.integer(1)
            guard sequences.contains(removed) else { return }
            let index = Int(removed - sequences.lowerBound)
            switch expected[index] {
            case Expected.nothing: expected[index] = Expected.removed
            case Expected.removed: faults.append("The Item version \(removed) was removed twice.")
            default: faults.append("The Item version \(removed) is both current and removed.")
            }
        }
        return (expected, faults)
    }

    private func place(of collection: CollectionNumber) -> UInt32? {
        var (low, high) = (0, collections.count)
        while low < high {
            let middle = (low + high) / 2
            if collections[middle] < collection { low = middle + 1 } else { high = middle }
        }
        return low < collections.count && collections[low] == collection ? UInt32(low) : nil
    }
}
