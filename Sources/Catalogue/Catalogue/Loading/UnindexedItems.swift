import SearchIndex

/// Items that a load has written one after the other, with nobody's changes between them, and that the index does not
/// have yet.
///
/// They are kept as they were prepared; joining them costs as much as writing, and is left to the task that indexes.
struct UnindexedItems: Sendable {
    private struct Part: Sendable {
        let columns: ColumnBatch
        /// Those that were written, with their sequences.
        let rows: [Int]
        let sequences: [SequenceNumber]
    }

    private var parts: [Part] = []
    private var removals: [(version: SequenceNumber, sequence: SequenceNumber)] = []
    private let after: SequenceNumber
    /// The sequence of the last change.
    private(set) var through: SequenceNumber
    private(set) var count = 0
    /// Bytes of memory held, about.
    private(set) var byteCount = 0

    /// - Parameter after: The sequence of the change before the first.
    init(after: SequenceNumber) {
        self.after = after
        through = after
    }

    mutating func append(_ columns: ColumnBatch, rows: [Int], sequences: [SequenceNumber]) {
        guard !rows.isEmpty else { return }
        parts.append(Part(columns: columns, rows: rows, sequences: sequences))
        count += rows.count
        byteCount += columns.byteCount
    }

    /// Notes a change, of which `append` comes later.
    ///
    /// - Parameter replaced: The version whose removal has the sequence before.
    /// - Returns: Whether it comes next.
    mutating func note(_ sequence: SequenceNumber, replacing replaced: SequenceNumber?) -> Bool {
        guard through == sequence - (replaced == nil ? 1 : 2) else { return false }
        if let replaced { removals.append((replaced, sequence - 1)) }
        through = sequence
        return true
    }

    func changes(in key: IndexChanges.Key) -> IndexChanges {
        var changes = IndexChanges(after: after)
        for part in parts { changes.put(part.columns, rows: part.rows, sequences: part.sequences, in: key) }
        for removal in removals { changes.remove(removal.version, from: key.number, at: removal.sequence) }
        return changes
    }
}
