/// Copies the content of a catalogue into another one, such as from SQLite to PostgreSQL.
///
/// Bodies are copied as they are stored, without being decompressed. Items that the target has already are compared, so
/// that a copy that was interrupted goes on where it ended, and a second one is a check of the first.
public struct CatalogueCopy: Sendable {
    public struct Report: Sendable, Hashable {
        /// Items that were looked at.
        public internal(set) var read = 0
        public internal(set) var created = 0
        public internal(set) var replaced = 0
        public internal(set) var unchanged = 0
        /// Items that were replaced or deleted in the source meanwhile.
        public internal(set) var changedMeanwhile = 0
        /// What could not be copied, or is in the target only; as sentences. The first hundred.
        public internal(set) var faults: [String] = []

        static let mostFaults = 100

        public init() {}

        mutating func add(fault: String) {
            if faults.count < Self.mostFaults { faults.append(fault) }
        }
    }

    /// Items for each transaction.
    var itemsAtOnce = 4_096

    private let source: CatalogueEngine
    private let target: CatalogueEngine

    public init(from source: CatalogueEngine, to target: CatalogueEngine) {
        self.source = source
        self.target = target
    }

    /// Whether the target has any Items.
    public func targetHasItems() throws -> Bool {
        try target.store.statistics().collections.contains { $0.itemCount > 0 }
    }

    /// Copies all Collections with their Items.
    ///
    /// - Parameter onProgress: Called after each transaction. May throw to end the copy.
    /// - Returns: `faults` names what is damaged in the source and was left out, and Items of the target that the source
    ///   does not have.
    /// - Throws: `invalid` when the target has Collections that the source does not have, before anything is written;
    ///   errors of the stores. What `onProgress` has counted stays copied.
    public func run(onProgress: (Report) throws -> Void = { _ in }) throws -> Report {
        guard try source.store.identifier() != target.store.identifier() else {
            throw CatalogueError(.invalid, "Source and target are the same catalogue.")
        }
        let snapshot = try source.store.snapshot()
        let collections = try snapshot.collections()
        let ids = Set(collections.map { Array($0.id.utf8) })
        if let other = try target.store.collections().first(where: { !ids.contains(Array($0.id.utf8)) }) {
            throw CatalogueError(
                .invalid,
                "The target has a Collection \"\(other.id)\", which the source does not have; a catalogue is copied into an empty one, or into its own copy."
            )
        }
        var report = Report()
        for collection in collections {
            guard let copy = try copied(collection, &report) else { continue }
            try copyItems(of: collection, snapshot, to: copy, &report, onProgress)
        }
        return report
    }

    private func copied(_ collection: StoredCollection, _ report: inout Report) throws -> StoredCollection? {
        guard !collection.isDamaged else {
            report.add(fault: "The Collection \"\(collection.id)\" is damaged and was left out with its Items.")
            return nil
        }
        return try target.store.write { store in
            if let known = try store.collection(id: collection.id), !known.isDamaged, known.body == collection.body {
                return known
            }
            return try store.putCollection(id: collection.id, body: collection.body)
        }
    }

    private func copyItems(
        of collection: StoredCollection, _ snapshot: any ItemStoreReader, to copy: StoredCollection,
        _ report: inout Report, _ onProgress: (Report) throws -> Void
    ) throws {
        var dictionaries = CopiedDictionaries(source: source.store, target: target.store, copy: copy.number)
        var batch: [(id: String, sequence: SequenceNumber)] = []
        var count = 0
        func flush() throws {
            // Not from the snapshot, which is being enumerated; versions that are replaced stay readable for a while.
            var bodies: [(id: String, body: NewBody)] = []
            var found: Set<Int> = []
            try source.store.withBodies(batch.map(\.sequence)) { index, stored in
                found.insert(index)
                guard stored.damage == nil else {
                    report.add(
                        fault: "The Item \"\(batch[index].id)\" of \"\(collection.id)\" is damaged and was left out.")
                    return
                }
                let body = NewBody(
                    frame: Array(stored.frame), dictionary: stored.dictionary, linksOffset: stored.linksOffset)
                bodies.append((batch[index].id, body))
            }
            report.changedMeanwhile += batch.count - found.count
            report.read += batch.count
            try write(bodies, to: copy, &dictionaries, &report)
            batch = []
            try onProgress(report)
        }
        let damagedCount = try snapshot.forEachItem(in: collection.number) { id, sequence in
            batch.append((id, sequence))
            count += 1
            if batch.count == itemsAtOnce { try flush() }
        }
        if !batch.isEmpty { try flush() }
        if damagedCount > 0 {
            report.add(
                fault:
                    "\(damagedCount) entries of Items of \"\(collection.id)\" are damaged and were left out; 'terrabyte verify' names them."
            )
        }
        let excess = try target.store.statistics().collections.first { $0.number == copy.number }?.itemCount ?? 0
        if excess > count {
            report.add(
                fault: "The target has \(excess - count) more Items of \"\(collection.id)\" than the source.")
        }
    }

    private func write(
        _ bodies: [(id: String, body: NewBody)], to copy: StoredCollection, _ dictionaries: inout CopiedDictionaries,
        _ report: inout Report
    ) throws {
        let start = report
        do {
            try target.store.write { store in
                report = start
                try store.anticipate(bodies.map(\.id), in: copy.number, reading: true)
                for (id, body) in bodies {
                    let body = NewBody(
                        frame: body.frame, dictionary: try dictionaries.number(body.dictionary, store),
                        linksOffset: body.linksOffset)
                    guard let existing = try store.sequence(of: id, in: copy.number) else {
                        _ = try store.insert(id, body, in: copy.number)
                        report.created += 1
                        continue
                    }
                    if try target.isUnchanged(existing, body, store) {
                        report.unchanged += 1
                    } else {
                        _ = try store.replace(existing, id, body, in: copy.number)
                        report.replaced += 1
                    }
                }
            }
        } catch {
            report = start
            throw error
        }
    }
}

/// The target's numbers of a Collection's dictionaries.
private struct CopiedDictionaries {
    let source, target: any ItemStore
    let copy: CollectionNumber
    private var numbers: [Int64: Int64] = [0: 0]

    init(source: any ItemStore, target: any ItemStore, copy: CollectionNumber) {
        self.source = source
        self.target = target
        self.copy = copy
    }

    /// Adds the dictionary to the target if its newest one is another.
    mutating func number(_ number: Int64, _ store: any ItemStoreTransaction) throws -> Int64 {
        if let known = numbers[number] { return known }
        guard let bytes = try source.dictionary(number) else {
            throw CatalogueError(.storeDamaged, "The dictionary \(number), which Items name, is missing.")
        }
        if let latest = try target.latestDictionary(of: copy), latest.bytes == bytes {
            numbers[number] = latest.number
            return latest.number
        }
        let added = try store.addDictionary(bytes, for: copy)
        numbers[number] = added
        return added
    }
}
