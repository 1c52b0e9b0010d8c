public import JSON
public import SearchIndex

/// A catalogue at one sequence, for the lifetime of this object: others write meanwhile, and the store's log grows.
///
/// Needs no index of its own: it reads that of the owning process, and brings it up to the sequence in memory.
public final class CatalogueSnapshot: Sendable {
    /// The sequence of the last change in the snapshot.
    public let sequence: SequenceNumber
    /// Identifies the store.
    public let storeID: String
    /// By id.
    public let collections: [StoredCollection]
    private let reader: any ItemStoreReader
    private let index: ItemIndex
    private let codec: BodyCodec

    /// Maximum number of changes missing from the index on disk: more would take too much memory.
    private static let missingAtMost: SequenceNumber = 4 << 20

    /// - Throws: `CatalogueError`: `storeBusy` when there is no index yet, or one that is far behind.
    public init(of engine: CatalogueEngine) throws {
        // If this process owns the index, its in-memory changes need not be read again.
        try engine.checkpoint()
        let store = engine.store
        storeID = try store.identifier()
        let index = try indexErrors { [storeID] in
            try ItemIndex(reading: engine.directory + "/index", storeID: storeID)
        }
        // Opened after the index, so that the index is never ahead of it.
        let reader = try store.snapshot()
        let sequence = try reader.lastSequence()
        let collections = try reader.collections()
        guard sequence - index.appliedSequence <= Self.missingAtMost else {
            throw CatalogueError(
                .storeBusy, "The index is \(sequence - index.appliedSequence) changes behind the catalogue.")
        }
        let ids = Dictionary(uniqueKeysWithValues: collections.map { ($0.number, $0.id) })
        // Bodies are decompressed while the snapshot is being read: dictionaries come from the store.
        let feed = IndexFeed(codec: BodyCodec { try store.dictionary($0) }, read: reader.changes)
        while index.appliedSequence < sequence {
            let changes = try feed.changes(after: index.appliedSequence) { ids[$0] }
            guard changes.through > changes.after else { break }
            try indexErrors { try index.apply(changes) }
        }
        self.sequence = sequence
        self.collections = collections
        codec = BodyCodec { try reader.dictionary($0) }
        self.reader = reader
        self.index = index
    }

    /// Items of a collection.
    public func itemCount(in collection: StoredCollection) -> Int { index.count(collection: collection.number) }

    /// Items of a collection that are stored, but could not be read when the index was built.
    public func missingItemCount(in collection: StoredCollection) throws -> Int {
        let stored = try reader.itemCounts()[collection.number] ?? 0
        return max(0, stored - index.count(collection: collection.number))
    }

    /// Calls `body` with each Item's sort time, in microseconds, and its sequence, in no order.
    ///
    /// - Throws: `indexDamaged`, at the end.
    public func forEachTime(in collection: StoredCollection, _ body: (Int64, SequenceNumber) -> Void) throws {
        try indexErrors { try index.forEachTime(collection: collection.number, body) }
    }

    /// A collection's Items in a time range (end exclusive), in microseconds, in no order.
    ///
    /// - Throws: `indexDamaged`.
    public func places(in collection: StoredCollection, from first: Int64, before end: Int64) throws -> [ItemPlace] {
        try indexErrors { try index.places(collection: collection.number, from: first, before: end) }
    }

    /// The names of current Items, for messages.
    public func names(of sequences: Set<SequenceNumber>) throws -> [ItemName] {
        let names = index.names(of: sequences.sorted())
        return sequences.sorted().map { sequence in
            names[sequence].map { ItemName(collection: $0.collection, id: $0.id) }
                ?? ItemName(collection: "", id: "version \(sequence)")
        }
    }

    /// Calls `body` with Items by their sequences, in the given order. They are valid only inside `body`.
    ///
    /// Threads read one after the other, but decompress in parallel. Items that are not I-JSON are left out: see
    /// `CatalogueEngine.verify`.
    ///
    /// - Parameter onDamage: Called in the place of `body` for an Item that is damaged or lost.
    public func forEachItem(
        _ sequences: some RandomAccessCollection<SequenceNumber>, _ body: (JSONElement) throws -> Void,
        onDamage: (SequenceNumber) throws -> Void
    ) throws {
        var rest = Array(sequences)[...]
        var frames: [UInt8] = []
        while !rest.isEmpty {
            let batch = Array(rest.prefix(Self.bodiesAtOnce))
            rest = rest.dropFirst(Self.bodiesAtOnce)
            frames.removeAll(keepingCapacity: true)
            var bodies: [(sequence: SequenceNumber, range: Range<Int>, dictionary: Int64, linksOffset: Int)] = []
            var isRead = [Bool](repeating: false, count: batch.count)
            try reader.withBodies(batch) { position, body in
                guard body.damage == nil else { return }
                isRead[position] = true
                let start = frames.count
                frames.append(contentsOf: body.frame)
                bodies.append((batch[position], start..<frames.count, body.dictionary, body.linksOffset))
            }
            for position in batch.indices where !isRead[position] { try onDamage(batch[position]) }
            try codec.withUnpacker { unpacker in
                try frames.withUnsafeBytes { frames in
                    for entry in bodies {
                        let stored = StoredBody(
                            frame: UnsafeRawBufferPointer(rebasing: frames[entry.range]),
                            dictionary: entry.dictionary, linksOffset: entry.linksOffset)
                        do {
                            try unpacker.withItem(of: stored) { item in
                                if unpacker.interoperabilityFault(of: item) == nil { try body(item) }
                            }
                        } catch let error as CatalogueError where error.code == .storeDamaged {
                            try onDamage(entry.sequence)
                        }
                    }
                }
            }
        }
    }

    private static let bodiesAtOnce = 256
}
