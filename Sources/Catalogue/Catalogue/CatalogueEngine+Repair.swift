import Logging
import SearchIndex
import Synchronization

extension CatalogueEngine {
    /// Runs a search in the index, whose damage is recorded; `repairIndex` mends it.
    ///
    /// - Throws: `indexDamaged`; `storeBusy` without an index; what `body` throws.
    func withIndex<Result>(_ body: (ItemIndex) throws -> Result) throws -> Result {
        let index = try requireIndex()
        do {
            return try body(index)
        } catch let error as IndexDamage {
            damage.record(error)
            throw CatalogueError(
                .indexDamaged,
                "A part of the search index that this needs is damaged, and is rebuilt from the store; try again in some seconds.",
                cause: error)
        }
    }

    /// Whether parts of the index are known to be damaged.
    var needsRepair: Bool { index.map { !$0.damagedCollections().isEmpty } ?? false }

    /// Rebuilds the damaged parts of the index from the store: the Items that no sound part has. Searches that need these
    /// parts have no result until then; writes wait.
    func repairIndex() throws {
        guard let index else { return }
        for (number, files) in index.damagedCollections() {
            damage.record(IndexDamage(files: files))
            try following.withLock { following in
                let snapshot = try store.snapshot()
                try catchUp(index, through: snapshot, &following)
                let known = index.soundSequences(collection: number)
                var missing: [SequenceNumber] = []
                try snapshot.forEachItem(in: number) { _, sequence in
                    if !known.containsSorted(sequence) { missing.append(sequence) }
                }
                // In the order of the table.
                missing.sort()
                try indexErrors {
                    try index.repair(collection: number) { add in
                        for start in stride(from: 0, to: missing.count, by: IndexFeed.changesAtOnce) {
                            let end = min(start + IndexFeed.changesAtOnce, missing.count)
                            let (batch, sequences) = try rows(missing[start..<end], from: snapshot)
                            try add(batch, sequences)
                        }
                    }
                }
                recentKeys.removeAll()
                logger.notice(
                    "The search index has been repaired",
                    metadata: ["index.files": "\(files.joined(separator: ", "))", "items": "\(missing.count)"])
            }
        }
        if ownsIndex { try checkpoint() }
    }

    /// Items as rows of the index; those that are damaged are left out.
    private func rows(
        _ sequences: ArraySlice<SequenceNumber>, from reader: any ItemStoreReader
    ) throws -> (ColumnBatch, [SequenceNumber]) {
        let sequences = Array(sequences)
        var (batch, written) = (ColumnBatch(), [SequenceNumber]())
        try codec.withUnpacker { unpacker in
            try reader.withBodies(sequences) { position, body in
                do {
                    try unpacker.withItem(of: body) { try batch.append(item: $0) }
                    written.append(sequences[position])
                } catch  where IndexFeed.concernsOneItem(error) {
                    logger.error(
                        "An Item cannot be indexed",
                        metadata: ["catalogue.sequence": "\(sequences[position])", "error": "\(error)"])
                }
            }
        }
        return (batch, written)
    }
}

extension [SequenceNumber] {
    /// Whether an ascending array has a number.
    fileprivate func containsSorted(_ number: SequenceNumber) -> Bool {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low] == number
    }
}
