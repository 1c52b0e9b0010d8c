import SearchIndex

/// Items that a load has written one after the other, without other writers' changes between them, and that the index
/// does not have yet.
///
/// They are stored as prepared; joining them costs as much as writing, and is left to the task that indexes.
struct UnindexedItems: Sendable {
    private struct Part: Sendable {
        let columns: ColumnBatch
        /// Written Items, with their sequences.
        let rows: [Int]
        let sequences: [SequenceNumber]
    }

    private var parts: [Part] = []
    private var removals: [(version: SequenceNumber, sequence: SequenceNumber)] = []
    private let after: SequenceNumber
    /// The sequence of the last change.
    private(set) var through: SequenceNumber
    private(set) var count = 0
    /// Approximate memory use in bytes.
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

    /// Records a change; `append` for it follows later.
    ///
    /// - Parameter replaced: The version whose removal has the sequence before.
    /// - Returns: Whether its sequence comes next.
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
