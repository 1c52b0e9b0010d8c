/// The writes of one transaction of a load, and the results to be recorded once it is on disk.
struct LoadTransaction {
    let engine: CatalogueEngine
    let owner: StoredCollection
    let policy: ConflictPolicy
    private(set) var report: LoadReport
    /// The changes for the index; `nil` when others' writes lie between ours.
    private(set) var unindexed: UnindexedItems?
    /// Set when the policy ends the load: preceding Items are to be kept.
    private(set) var conflict: CatalogueError?
    /// Number of batches taken so far.
    private(set) var batchCount = 0

    init(
        engine: CatalogueEngine, owner: StoredCollection, policy: ConflictPolicy, report: LoadReport,
        unindexed: UnindexedItems?
    ) {
        self.engine = engine
        self.owner = owner
        self.policy = policy
        self.report = report
        self.unindexed = unindexed
    }

    mutating func write(_ batch: PreparedBatch, to store: any ItemStoreTransaction) throws {
        var rows: [Int] = []
        var sequences: [SequenceNumber] = []
        if conflict == nil {
            try store.anticipate(batch.items.map(\.id), in: owner.number, reading: policy == .replace)
        }
        for (row, item) in batch.items.enumerated() where conflict == nil {
            if let sequence = try write(item, from: batch.locations[row], to: store) {
                rows.append(row)
                sequences.append(sequence)
            }
        }
        unindexed?.append(batch.columns, rows: rows, sequences: sequences)
        report.read += batch.readCount
        report.rejected += batch.rejects.count
        report.beyondPoles += batch.beyondPolesCount
        batchCount += 1
    }

    /// - Returns: The new version's sequence; `nil` when nothing was written.
    private mutating func write(
        _ item: ItemPreparation.Item, from location: String, to store: any ItemStoreTransaction
    ) throws -> SequenceNumber? {
        guard let existing = try store.sequence(of: item.id, in: owner.number) else {
            let written = try store.insert(item.id, item.body, in: owner.number)
            report.created += 1
            note(written, replacing: nil)
            return written
        }
        switch policy {
        case .skip:
            report.skipped += 1
            return nil
        case .fail:
            conflict = CatalogueError(
                .itemExists, "\(location): an Item \"\(item.id)\" exists already", itemID: item.id)
            return nil
        case .replace:
            if try engine.isUnchanged(existing, item.body, store) {
                report.unchanged += 1
                return nil
            }
            let written = try store.replace(existing, item.id, item.body, in: owner.number)
            report.replaced += 1
            note(written, replacing: existing)
            return written
        }
    }

    private mutating func note(_ sequence: SequenceNumber, replacing replaced: SequenceNumber?) {
        if unindexed?.note(sequence, replacing: replaced) == false { unindexed = nil }
    }
}
