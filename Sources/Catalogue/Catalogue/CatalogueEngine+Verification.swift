import JSON
import Parallelism
import SearchIndex
import Synchronization

/// What `verify` has found.
public struct VerificationReport: Sendable, Hashable {
    /// As sentences that name the Items concerned; empty if there are none.
    public internal(set) var faults: [String] = []
    /// Whether faults concern only the index, which can be rebuilt.
    public internal(set) var concernsIndexOnly = true
    /// What was not looked at, and why, as sentences.
    public internal(set) var notes: [String] = []
    /// Items that an earlier version has written without checksums.
    public internal(set) var uncheckedCount = 0
}

extension CatalogueEngine {
    /// The faults of `verification`.
    public func verify() throws -> [String] { try verification().faults }

    /// Looks for faults in the store and in the index, and for differences between the two: reads everything.
    ///
    /// Other processes may write meanwhile, and nothing is changed. Takes about 20 bytes of memory per Item of the largest
    /// Collection.
    public func verification() throws -> VerificationReport {
        var report = VerificationReport()
        report.faults = try store.integrityCheck()
        report.faults += faultsOfCollections() + faultsOfBodies()
        if report.faults.contains(where: { $0.contains(StoredItemCheck.notInteroperable) }) {
            report.faults.append(
                "Write what is not I-JSON again without that fault, or delete it; until then exports leave such Items out."
            )
        }
        report.concernsIndexOnly = report.faults.isEmpty
        report.uncheckedCount = (try? store.uncheckedCount()) ?? 0
        try verifyIndex(&report)
        return report
    }

    /// Gives a checksum to what an earlier version has stored without.
    ///
    /// - Parameter onProgress: Called with the number of Items so far.
    public func addChecksums(onProgress: (Int) -> Void = { _ in }) throws {
        try store.addChecksums(onProgress: onProgress)
    }

    private func verifyIndex(_ report: inout VerificationReport) throws {
        guard let index else {
            report.notes.append("The index has not been looked at: another process is building it.")
            return
        }
        guard index.appliedSequence > 0 || ownsIndex else {
            if try store.lastSequence() > 0 {
                report.notes.append("No search index has been written yet, so that none has been looked at.")
            }
            return
        }
        let damage = index.damage()
        report.faults += damage
        // Items read from a damaged file cannot be trusted.
        guard damage.isEmpty, report.concernsIndexOnly else { return }
        try catchUp()
        guard try store.lastSequence() - index.appliedSequence <= Self.followedAtMost else {
            report.notes.append(
                "The index has not been compared with the store: it is behind, since another process is writing.")
            return
        }
        let collections = try store.collections()
        for collection in collections {
            let difference = try lastingDifference(of: index, in: collection)
            report.faults += difference.faults(of: collection.id)
        }
        let known = Set(collections.map { Array($0.id.utf8) })
        for collection in index.statistics.collections
        where collection.items > 0 && !known.contains(Array(collection.id.utf8)) {
            guard try store.collection(id: collection.id) == nil else { continue }
            report.faults.append(
                "The index has \(collection.items) Items of a Collection \"\(collection.id)\", which is gone.")
        }
    }

    /// Without the temporary differences that writes between the two reads cause.
    private func lastingDifference(of index: ItemIndex, in collection: StoredCollection) throws -> IndexDifference {
        var difference = try difference(of: index, in: collection)
        if !difference.isEmpty {
            try catchUp()
            difference.formIntersection(try self.difference(of: index, in: collection))
        }
        return difference
    }

    private func difference(of index: ItemIndex, in collection: StoredCollection) throws -> IndexDifference {
        var indexed: [IndexDifference.Entry] = []
        indexed.reserveCapacity(index.count(collection: collection.number))
        try indexErrors {
            try index.forEachItem(collection: collection.number) { indexed.append(.init(sequence: $0, id: $1)) }
        }
        indexed.sort()
        var difference = IndexDifference()
        var isStored = [Bool](repeating: false, count: indexed.count)
        try store.forEachItem(in: collection.number) { id, sequence in
            let entry = IndexDifference.Entry(sequence: sequence, id: id)
            var (low, high) = (0, indexed.count)
            while low < high {
                let middle = (low + high) / 2
                if indexed[middle] < entry { low = middle + 1 } else { high = middle }
            }
            guard low < indexed.count, indexed[low] == entry else {
                difference.missing[entry] = id
                return
            }
            isStored[low] = true
        }
        for (place, entry) in indexed.enumerated() where !isStored[place] { difference.surplus.insert(entry) }
        return difference
    }

    /// Makes the index complete after a rebuild from a store that is damaged.
    ///
    /// - Returns: The Items that are not in the index, since they cannot be read, as sentences.
    func faultsOfRebuiltIndex() throws -> [String] {
        guard let index else { return [] }
        var faults: [String] = []
        for collection in try store.collections() {
            var difference = try lastingDifference(of: index, in: collection)
            // The records of these removals are damaged.
            index.remove(Set(difference.surplus.map(\.sequence)), from: collection.number)
            difference.surplus = []
            faults += difference.faults(of: collection.id)
        }
        return faults
    }
}

// MARK: - Bodies

extension CatalogueEngine {
    /// The faults of Collections whose checksums are right.
    private func faultsOfCollections() -> [String] {
        let reader = JSONReader(.rfc8259)
        return ((try? store.collections()) ?? []).filter { !$0.isDamaged }.compactMap { collection in
            let fault = try? reader.read(collection.body) { reader.interoperabilityFault(of: $0) }
            return fault.flatMap { $0 }.map {
                "The Collection \"\(collection.id)\" \(StoredItemCheck.notInteroperable): \($0)."
            }
        }
    }

    /// Unpacks and reads every stored Item.
    ///
    /// - Returns: The faults of those whose checksums are right.
    private func faultsOfBodies() -> [String] {
        var faults: [(sequence: SequenceNumber, reason: String)] = []
        do {
            let snapshot = try store.snapshot()
            let last = try snapshot.lastSequence()
            var after: SequenceNumber = 0
            while after < last, faults.count < Self.maximumBodyFaultCount {
                var batch = BodyBatch()
                let start = after
                do {
                    try snapshot.changes(after: after, limit: Self.bodiesAtOnce) { change in
                        switch change {
                        case .putItem(let sequence, _, let body):
                            // Others have been found by the store.
                            if body.damage == nil { batch.append(sequence, body) }
                            after = sequence
                        case .putCollection(let collection): after = collection.sequence
                        case .removedCollection(let sequence, _), .removedItem(let sequence, _, _),
                            .damaged(let sequence):
                            after = sequence
                        }
                        if batch.byteCount >= Self.bodyBytesAtOnce { throw BodyBatch.Full() }
                    }
                } catch is BodyBatch.Full {}
                faults += try batch.faults(codec)
                // The newest change is not there.
                guard after > start else { break }
            }
            let names = try store.names(of: Set(faults.map(\.sequence)))
            // Versions that have been replaced are never read again.
            return faults.prefix(Self.maximumBodyFaultCount).compactMap { fault in
                names[fault.sequence].map {
                    "The Item \"\($0.id)\" of the Collection \"\($0.collection)\" \(fault.reason)"
                }
            }
        } catch {
            // The store's own check has found that its tables cannot be read in order.
            return ["The Items cannot be read to their end: \((error as? CatalogueError)?.message ?? "\(error)")"]
        }
    }

    private static let bodiesAtOnce = 8_192
    private static let bodyBytesAtOnce = 64 << 20
    private static let maximumBodyFaultCount = 100
}

/// Stored Items, to be read by several cores.
private struct BodyBatch {
    /// Ends the reading of changes early.
    struct Full: Error {}

    private var frames: [UInt8] = []
    private var bodies: [(sequence: SequenceNumber, range: Range<Int>, dictionary: Int64, linksOffset: Int)] = []

    var byteCount: Int { frames.count }

    mutating func append(_ sequence: SequenceNumber, _ body: StoredBody) {
        let start = frames.count
        frames.append(contentsOf: body.frame)
        bodies.append((sequence, start..<frames.count, body.dictionary, body.linksOffset))
    }

    /// In the order of the sequences.
    func faults(_ codec: BodyCodec) throws -> [(sequence: SequenceNumber, reason: String)] {
        let found = Mutex<[(sequence: SequenceNumber, reason: String)]>([])
        let width = Parallel.coreCount
        let (frames, bodies) = (frames, bodies)
        _ = try Parallel.forEach(width, width: width) {
            0
        } body: { _, part in
            try codec.withUnpacker { unpacker in
                try frames.withUnsafeBytes { frames in
                    for entry in bodies[bodies.count * part / width..<bodies.count * (part + 1) / width] {
                        let stored = StoredBody(
                            frame: UnsafeRawBufferPointer(rebasing: frames[entry.range]),
                            dictionary: entry.dictionary, linksOffset: entry.linksOffset)
                        do {
                            let reason = try unpacker.withItem(of: stored) { item in
                                StoredItemCheck.fault(
                                    in: item, notInteroperable: unpacker.interoperabilityFault(of: item))
                            }
                            if let reason { found.withLock { $0.append((entry.sequence, reason)) } }
                        } catch  where IndexFeed.concernsOneItem(error) {
                            let reason = (error as? CatalogueError)?.message ?? "\(error)"
                            found.withLock { $0.append((entry.sequence, "cannot be read: \(reason)")) }
                        }
                    }
                }
            }
        }
        return found.withLock { $0 }.sorted { $0.sequence < $1.sequence }
    }
}

/// What `verify` demands of the text of a stored Item that can be read.
enum StoredItemCheck {
    /// - Parameter fault: Why it is not I-JSON, which only Items can be from before that was checked.
    /// - Returns: The end of a sentence that begins with the Item; `nil` for an Item without fault.
    static func fault(in item: JSONElement, notInteroperable fault: JSONError?) -> String? {
        if let fault { return "\(notInteroperable): \(fault)." }
        guard item.kind == .object, item.member("id")?.string != nil else { return "cannot be read: it is no Item." }
        return nil
    }

    static let notInteroperable = "is not I-JSON (RFC 7493), so that other programs cannot read it"
}

/// Differences between an index and its store in one Collection.
private struct IndexDifference {
    /// An Item's version under its id.
    struct Entry: Hashable, Comparable {
        let sequence: SequenceNumber
        /// A hash of the id: tens of millions of ids would take too much memory.
        let idHash: Int

        init(sequence: SequenceNumber, id: String) {
            self.sequence = sequence
            idHash = Array(id.utf8).hashValue
        }

        static func < (left: Self, right: Self) -> Bool {
            (left.sequence, left.idHash) < (right.sequence, right.idHash)
        }
    }

    /// In the store only, with their ids.
    var missing: [Entry: String] = [:]
    /// In the index only, or duplicated there.
    var surplus: Set<Entry> = []

    private static let namedCount = 5

    var isEmpty: Bool { missing.isEmpty && surplus.isEmpty }

    mutating func formIntersection(_ other: Self) {
        missing = missing.filter { other.missing[$0.key] != nil }
        surplus.formIntersection(other.surplus)
    }

    private static func items(_ count: Int) -> String { count == 1 ? "1 Item is" : "\(count) Items are" }

    func faults(of collection: String) -> [String] {
        var faults: [String] = []
        if !missing.isEmpty {
            let names = missing.values.sorted().prefix(Self.namedCount).map { "\"\($0)\"" }.joined(separator: ", ")
            let rest = missing.count > Self.namedCount ? " and others" : ""
            faults.append(
                "Collection \"\(collection)\": \(Self.items(missing.count)) not in the index: \(names)\(rest).")
        }
        if !surplus.isEmpty {
            faults.append(
                "Collection \"\(collection)\": \(Self.items(surplus.count)) in the index and not in the store, or there twice."
            )
        }
        return faults
    }
}
