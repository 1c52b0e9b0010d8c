import SearchIndex

extension CatalogueEngine {
    /// Forgets versions of Items that were replaced or removed up to a change.
    func purge(through sequence: SequenceNumber) throws {
        try store.purge(through: sequence)
    }

    /// Copies the catalogue, as it is at one moment, into the directory `target`. The index is not part of it: it is
    /// built when the copy is opened.
    public func backup(to target: String) throws {
        try Self.makeDirectory(target)
        try store.backup(to: target + "/catalogue.sqlite")
    }

    /// Looks for faults in the store, and for differences between it and the index, where this process keeps it.
    ///
    /// - Returns: What is wrong, in sentences; empty if all is well.
    public func verify() throws -> [String] {
        var faults = try store.integrityCheck()
        guard let index else { return faults }
        faults += index.damage()
        try catchUp()
        for collection in try store.collections() {
            var indexed: [SequenceNumber: Int] = [:]
            index.forEachItem(collection: collection.number) { sequence, _ in indexed[sequence, default: 0] += 1 }
            var missing = 0
            try store.forEachItem(in: collection.number) { _, sequence in
                if indexed.removeValue(forKey: sequence) != 1 { missing += 1 }
            }
            if missing > 0 {
                faults.append(
                    "Collection \"\(collection.id)\": \(missing) Items are not in the index, or are there twice.")
            }
            if !indexed.isEmpty {
                faults.append(
                    "Collection \"\(collection.id)\": the index has \(indexed.count) Items that do not exist.")
            }
        }
        return faults
    }

    /// Samples for a dictionary.
    private static let sampleCount = 1_000

    /// Trains a dictionary for each Collection that has none and by now enough Items; the next ones use it.
    func trainDictionaries() throws {
        for collection in try store.collections() where try store.latestDictionary(of: collection.number) == nil {
            var sequences: [SequenceNumber] = []
            try store.forEachItem(in: collection.number) { _, sequence in sequences.append(sequence) }
            guard sequences.count >= Self.minimumSamples else { continue }
            let step = max(1, sequences.count / Self.sampleCount)
            let chosen = stride(from: 0, to: sequences.count, by: step).map { sequences[$0] }
            var samples: [[UInt8]] = []
            try codec.withUnpacker { unpacker in
                try store.withBodies(chosen) { _, body in
                    samples.append(try unpacker.withText(of: body) { Array($0) })
                }
            }
            try trainDictionary(for: collection.number, samples)
        }
    }
}
