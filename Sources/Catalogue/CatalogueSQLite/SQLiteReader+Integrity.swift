import Catalogue
import GRDB

extension SQLiteReader {
    /// The faults of the store; see `SQLiteItemStore.integrityCheck`.
    func integrityCheck() throws -> [String] {
        try snapshot {
            var check = IntegrityCheck(reader: self)
            check.run()
            return check.faults
        }
    }

    /// See `ItemStore.structureCheck`.
    func structureCheck() throws -> [String] {
        try snapshot {
            var check = IntegrityCheck(reader: self)
            check.checkStructure()
            return check.faults
        }
    }
}

/// Checks that each key has its Item and each Item its key or the record of its removal.
///
/// Items have no index by which a row's key could be found, and keys are stored in another order than Items. So the
/// check processes the sequences in windows: it records the row that keys and removals expect at each sequence of the
/// window, and compares these with the actual rows. All reads are in the order of the tables, and compare the checksums
/// of all rows.
private struct IntegrityCheck {
    private(set) var faults: [String] = []
    private let reader: SQLiteReader
    private var last: SequenceNumber = 0
    /// The existing collections, by number; expectations refer to them by their index here.
    private var collections: [CollectionNumber] = []
    private var rows: [CollectionRow] = []
    private var dictionaries: Set<Int64> = [0]
    /// Versions of Items with a wrong checksum, or that cannot be read.
    private var damagedItems: Set<SequenceNumber> = []

    private static let maximumFaultCount = 100
    private static let windowCount = 1 << 23

    private enum Expected {
        static let nothing: UInt32 = 0
        /// A version that was replaced or removed; it may have been purged.
        static let removed: UInt32 = 1
        /// The lowest of the numbers for a current version: `current` + the collection's index.
        static let current: UInt32 = 2
    }

    init(reader: SQLiteReader) {
        self.reader = reader
    }

    mutating func run() {
        checkStructure()
        attempt { check in
            let state = try check.reader.state()
            check.last = state.last
            if state.last < state.purged || state.last < state.unchecked { throw StoreState.damaged }
        }
        attempt { try $0.checkCollections() }
        attempt { try $0.checkDictionaries() }
        attempt { try $0.checkSequences() }
        attempt { try $0.checkNumbers() }
        var start: SequenceNumber = 1
        while start <= last, faults.count < Self.maximumFaultCount {
            let end = min(last, start + SequenceNumber(Self.windowCount) - 1)
            checkItems(with: start...end)
            start = end + 1
        }
        nameDamagedItems()
    }

    private mutating func report(_ fault: String) {
        if faults.count < Self.maximumFaultCount, !faults.contains(fault) { faults.append(fault) }
    }

    /// Runs one part of the check: a fault of the database ends it, but not the others.
    ///
    /// - Returns: Whether it came to its end.
    @discardableResult
    private mutating func attempt(_ part: (inout IntegrityCheck) throws -> Void) -> Bool {
        do {
            try part(&self)
            return true
        } catch let error as DatabaseError {
            report("SQLite: \(error.message ?? "error \(error.resultCode.rawValue)").")
        } catch let error as CatalogueError {
            report(error.message)
        } catch {
            report("\(error)")
        }
        return false
    }

    private func rows(_ sql: String, _ parameters: Int64..., body: (Statement) throws -> Void) throws {
        let statement = try Statement(sql, on: reader.connection)
        for (index, parameter) in parameters.enumerated() { statement.bind(parameter, at: Int32(index + 1)) }
        defer { statement.reset() }
        while try statement.step() { try body(statement) }
    }

    mutating func checkStructure() {
        attempt { check in
            var lines: [String] = []
            try check.rows("PRAGMA integrity_check(\(Self.maximumFaultCount))") { lines.append($0.text(0)) }
            if lines != ["ok"] { for line in lines { check.report("SQLite: \(line)") } }
        }
        attempt { check in
            var statements: [String] = []
            try check.rows(SQLiteSchema.statements) { statements.append($0.text(0)) }
            let expected = try SQLiteSchema.expectedStatements()
            if statements != expected { check.report("The description of the database's tables is damaged.") }
            try check.rows("PRAGMA encoding") { row in
                if row.text(0) != "UTF-8" { check.report("The database's header is damaged.") }
            }
        }
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

    /// Numbers are never used twice: the counters are not below those in use.
    private mutating func checkNumbers() throws {
        var lines: [String] = []
        for (table, used) in [
            ("collection", "SELECT max(collection) FROM collection_change"),
            ("dictionary", "SELECT max(number) FROM dictionary"),
        ] {
            var counter: Int64 = 0
            try rows("SELECT seq FROM sqlite_sequence WHERE name = '\(table)'") { counter = $0.integer(0) }
            try rows(used) { row in
                if row.integer(0) > counter { lines.append("The count of numbers of the table \(table) is damaged.") }
            }
        }
        for line in lines { report(line) }
    }

    private mutating func checkCollections() throws {
        var lines: [String] = []
        try rows("SELECT sequence, collection, id, body, checksum FROM collection_change") { row in
            if !row.hasCollectionChecksum(sequence: row.integer(0), at: 1) {
                lines.append("The Collection \"\(row.text(2))\" is damaged: a checksum is wrong.")
            }
        }
        let statement = try Statement(
            "SELECT \(CollectionRow.columns) FROM collection NOT INDEXED", on: reader.connection)
        while try statement.step() { rows.append(CollectionRow(statement)) }
        rows.sort { $0.number < $1.number }
        collections = rows.map(\.number)
        for row in rows where !row.isSound {
            lines.append("The entry of the Collection \"\(row.id)\" is damaged.")
        }
        let sql = """
            SELECT id FROM collection AS c WHERE NOT EXISTS (
                SELECT 1 FROM collection_change AS put
                WHERE put.sequence = c.sequence AND put.collection = c.number AND put.id = c.id
                    AND put.body IS NOT NULL)
            """
        try rows(sql) { lines.append("The collection \($0.text(0)) has lost its content.") }
        for line in lines { report(line) }
        _ = try CollectionRow.loadAll(on: reader.connection)
    }

    private mutating func checkDictionaries() throws {
        var lines: [String] = []
        try rows("SELECT number, collection, bytes, checksum FROM dictionary") { row in
            dictionaries.insert(row.integer(0))
            let checksum = RowChecksum.dictionary(row.integer(0), row.integer(1), row.bytes(2))
            if !row.hasChecksum(checksum, at: 3) {
                lines.append("The compression dictionary \(row.integer(0)) is damaged, which Items need to be read.")
            }
        }
        for line in lines { report(line) }
    }

    private mutating func checkItems(with sequences: ClosedRange<SequenceNumber>) {
        var expected: [UInt32] = []
        // Without all keys, what lacks one is unknown.
        let areKeysKnown = attempt { expected = try $0.expectations(at: sequences) }
        var next = sequences.lowerBound
        let isComplete = attempt { check in
            var lines: [String] = []
            defer { for line in lines { check.report(line) } }
            func add(_ line: @autoclosure () -> String) {
                if lines.count < Self.maximumFaultCount { lines.append(line()) }
            }
            let sql = """
                SELECT \(StoredBody.columns), sequence FROM item WHERE sequence BETWEEN ? AND ? ORDER BY sequence
                """
            try check.rows(sql, sequences.lowerBound, sequences.upperBound) { row in
                let (sequence, collection, dictionary) = (row.integer(5), row.integer(3), row.integer(1))
                next = sequence + 1
                let body = StoredBody(row, sequence: sequence, uncheckedThrough: check.reader.uncheckedThrough)
                func recordDamage() {
                    guard body.damage != nil, check.damagedItems.count < Self.maximumFaultCount else { return }
                    check.damagedItems.insert(sequence)
                }
                guard areKeysKnown else { return recordDamage() }
                let index = Int(sequence - sequences.lowerBound)
                // Versions that have been replaced, as to mend damage, are never read again.
                if expected[index] >= Expected.current { recordDamage() }
                let place = check.place(of: collection)
                switch expected[index] {
                case Expected.nothing:
                    // The rest of a removed collection awaits the purge.
                    if place != nil { add("The Item version \(sequence) is neither current nor removed.") }
                case Expected.removed: break
                case let expectation:
                    if place.map({ Expected.current + $0 }) != expectation {
                        add("The Item version \(sequence) has a key in another collection.")
                    }
                }
                expected[index] = Expected.nothing
                if place != nil, !check.dictionaries.contains(dictionary) {
                    add("The Item version \(sequence) needs the missing dictionary \(dictionary).")
                }
            }
        }
        guard areKeysKnown else { return }
        var unread: [SequenceNumber] = []
        for (index, expectation) in expected.enumerated() where expectation >= Expected.current {
            let sequence = sequences.lowerBound + Int64(index)
            if isComplete || sequence < next {
                report("The current Item version \(sequence) is missing.")
                damagedItems.insert(sequence)
            } else {
                unread.append(sequence)
            }
            if faults.count >= Self.maximumFaultCount { break }
        }
        // Those behind damage are asked for one by one.
        for sequence in unread where damagedItems.count < Self.maximumFaultCount {
            var isSound = false
            attempt { check in
                try check.reader.withBodies([sequence]) { _, body in isSound = body.damage == nil }
            }
            if !isSound { damagedItems.insert(sequence) }
        }
    }

    private mutating func nameDamagedItems() {
        guard !damagedItems.isEmpty else { return }
        var names: [SequenceNumber: ItemName] = [:]
        let damaged = damagedItems
        attempt { names = try $0.reader.names(of: damaged) }
        for sequence in damagedItems.sorted() {
            if let name = names[sequence] {
                report("The Item \"\(name.id)\" of the Collection \"\(name.collection)\" is damaged.")
            } else {
                report("The Item version \(sequence), which has been replaced or removed, is damaged.")
            }
        }
    }

    private mutating func expectations(at sequences: ClosedRange<SequenceNumber>) throws -> [UInt32] {
        var expected = [UInt32](repeating: Expected.nothing, count: sequences.count)
        var lines: [String] = []
        defer { for line in lines { report(line) } }
        func add(_ line: @autoclosure () -> String) {
            if lines.count < Self.maximumFaultCount { lines.append(line()) }
        }
        for (place, collection) in rows.enumerated() {
            var (itemCount, digest): (Int64, Int64) = (0, 0)
            let sql = "SELECT sequence, id, checksum FROM item_key WHERE collection = ?"
            try rows(sql, collection.number) { row in
                let sequence = row.integer(0)
                let checksum = RowChecksum.key(collection.number, sequence, row.bytes(1))
                itemCount += 1
                digest ^= checksum
                guard sequences.contains(sequence) else { return }
                if !row.hasChecksum(checksum, at: 2, mayLack: sequence <= reader.uncheckedThrough) {
                    add(
                        "The entry of the Item \"\(row.text(1))\" of the Collection \"\(collection.id)\" is damaged.")
                }
                let index = Int(sequence - sequences.lowerBound)
                if expected[index] != Expected.nothing {
                    add("The Item version \(sequence) has two keys, one of them \(row.text(1)).")
                }
                expected[index] = Expected.current + UInt32(place)
            }
            if collection.isSound, let count = collection.itemCount, (count, collection.digest) != (itemCount, digest) {
                add(
                    "The Collection \"\(collection.id)\" has \(itemCount) entries of Items that are not those of its \(count) Items."
                )
            }
        }
        try rows("SELECT sequence, removed, collection, replaced, checksum FROM removal") { row in
            let (sequence, removed) = (row.integer(0), row.integer(1))
            let checksum = RowChecksum.removal(sequence, row.integer(2), removed, row.integer(3))
            if !row.hasChecksum(checksum, at: 4, mayLack: sequence <= reader.uncheckedThrough) {
                add("The record of an Item's removal with the sequence \(sequence) is damaged.")
            }
            guard sequences.contains(removed) else { return }
            let index = Int(removed - sequences.lowerBound)
            switch expected[index] {
            case Expected.nothing: expected[index] = Expected.removed
            case Expected.removed: add("The Item version \(removed) was removed twice.")
            default: add("The Item version \(removed) is both current and removed.")
            }
        }
        return expected
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
