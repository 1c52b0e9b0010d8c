import Compression
import STACAPI
import SearchIndex
import Synchronization

extension CatalogueEngine {
    /// Warms up for the first requests after a start: reads Collections, and the parts of the index that most searches
    /// use.
    ///
    /// - Parameters: As `ItemIndex.warmUp`.
    func warmUp(byteCount: Int, isStopping: () -> Bool) throws {
        index?.warmUp(byteCount: byteCount, isStopping: isStopping)
        _ = try searchCollections(SearchRequest(limit: 1))
    }

    /// Writes the changes that are only in memory to the index's files, and compacts these.
    public func compact() throws {
        try checkpoint()
        while try mergeOnce() {}
    }

    /// One step of compacting the index's files.
    ///
    /// - Returns: Whether there may be more to do.
    func mergeOnce() throws -> Bool {
        guard ownsIndex, let index else { return false }
        do {
            guard try indexErrors({ try index.mergeOnce() }) else { return false }
        } catch let error as CatalogueError where error.code == .indexDamaged {
            // Found while merging; it is repaired first.
            return false
        }
        try checkpoint()
        return true
    }

    /// Rebuilds the index from the store.
    ///
    /// - Returns: What could not be indexed, since it is damaged in the store, as sentences; empty if everything was.
    /// - Throws: `storeDamaged` when the store cannot be read in order: the index is left as it is then.
    @discardableResult
    public func reindex() throws -> [String] {
        let index = try requireIndex()
        let faults = try store.structureCheck()
        guard faults.isEmpty else {
            throw CatalogueError(
                .storeDamaged,
                "The catalogue's database is damaged, and the index has been left as it is: \(faults.joined(separator: " "))"
            )
        }
        following.withLock { following in
            index.clear()
            following.unsavedCount = 0
        }
        try catchUp()
        try compact()
        let missing = try faultsOfRebuiltIndex()
        try checkpoint()
        return missing
    }

    /// The newest change that the searches of this and of all other nodes see: those that will begin do not need the
    /// versions that it, or an earlier one, has ended.
    func purgeableSequence() throws -> SequenceNumber {
        min(index?.appliedSequence ?? 0, try store.nodes().commonSequence)
    }

    /// Purges versions of Items that were replaced or removed up to a change.
    func purge(through sequence: SequenceNumber) throws {
        try store.purge(through: sequence)
    }

    /// Copies a snapshot of the catalogue into the directory `target`, which is empty, does not exist yet, or holds an
    /// earlier backup of the same catalogue, which is replaced. The index is not copied: it is built when the copy is
    /// opened.
    ///
    /// - Throws: `invalid` when `target` is this catalogue's own directory or lies in it, or holds anything else;
    ///   `storeBusy` when it contains a catalogue that is open; `storeDamaged` when the catalogue is damaged: nothing is
    ///   replaced then.
    public func backup(to target: String) throws {
        let isNew = !CatalogueDirectory.exists(target)
        if !isNew {
            let existing = try CatalogueDirectory.existing(target)
            guard !CatalogueDirectory.areSame(existing, directory) else {
                throw CatalogueError(.invalid, "A catalogue cannot be copied onto itself.")
            }
            let names = CatalogueDirectory.names(in: existing)
            guard names.isEmpty || names.contains("catalogue.sqlite") else {
                throw CatalogueError(
                    .invalid,
                    "\(target) is not empty, and holds no backup of this catalogue; a backup goes into an empty or new directory."
                )
            }
            for name in ["server.lock", "index.lock"] where names.contains(name) {
                guard try OwnerLock.acquire(path: "\(existing)/\(name)") != nil else {
                    throw CatalogueError(.storeBusy, "The catalogue in \(target) is in use by another process.")
                }
            }
        }
        let made = try CatalogueDirectory.make(target)
        guard !(made + "/").hasPrefix(directory + "/") else {
            if isNew { CatalogueDirectory.removeEmpty(made) }
            throw CatalogueError(
                .invalid, "A backup must not lie in the catalogue's own directory, with which it would be lost.")
        }
        do {
            try store.backup(toDirectory: made)
        } catch {
            if isNew { CatalogueDirectory.removeEmpty(made) }
            throw error
        }
    }
}

// MARK: - Dictionaries

extension CatalogueEngine {
    /// Fewer samples make no useful dictionary.
    static let minimumSamples = 64
    /// More samples, or bytes of them, do not make a better one.
    static let maximumSamples = 1_000
    static let maximumSampleBytes = 32 << 20

    /// Trains a dictionary for each Collection that has none and by now enough Items; later Items use it.
    func trainDictionaries() throws {
        for collection in try store.collections() where try store.latestDictionary(of: collection.number) == nil {
            var sequences: [SequenceNumber] = []
            try store.forEachItem(in: collection.number) { _, sequence in sequences.append(sequence) }
            guard sequences.count >= Self.minimumSamples else { continue }
            let step = max(1, sequences.count / Self.maximumSamples)
            let chosen = stride(from: 0, to: sequences.count, by: step).map { sequences[$0] }
            var samples: [[UInt8]] = []
            var byteCount = 0
            try codec.withUnpacker { unpacker in
                try store.withBodies(chosen) { _, body in
                    guard byteCount < Self.maximumSampleBytes, body.damage == nil else { return }
                    samples.append(try unpacker.text(of: body))
                    byteCount += samples[samples.count - 1].count
                }
            }
            try trainDictionary(for: collection.number, samples)
        }
    }

    /// Trains a dictionary on stored forms of Items and adds it to the store, when there are enough.
    func trainDictionary(for collection: CollectionNumber, _ samples: [[UInt8]]) throws {
        guard samples.count >= Self.minimumSamples, let dictionary = try? ZstdDictionary.train(samples: samples) else {
            return
        }
        _ = try store.write { try $0.addDictionary(dictionary, for: collection) }
    }
}
