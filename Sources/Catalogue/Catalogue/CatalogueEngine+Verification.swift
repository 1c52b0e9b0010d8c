import SearchIndex

extension CatalogueEngine {
    /// Looks for faults in the store, and for differences between it and the index, if this process owns the index.
    ///
    /// Other processes may write meanwhile. Takes about 20 bytes of memory per Item of the largest Collection.
    ///
    /// - Returns: The faults, as sentences; empty if there are none.
    public func verify() throws -> [String] {
        var faults = try store.integrityCheck() + interoperabilityFaults()
        guard let index else { return faults }
        let damage = index.damage()
        // Items read from a damaged file cannot be trusted.
        guard damage.isEmpty else { return faults + damage }
        try catchUp()
        let collections = try store.collections()
        for collection in collections {
            var difference = try difference(of: index, in: collection)
            // Writes between the two reads also cause differences, but only temporary ones.
            if !difference.isEmpty {
                try catchUp()
                let second = try self.difference(of: index, in: collection)
                difference.formIntersection(second)
            }
            faults += difference.faults(of: collection.id)
        }
        let known = Set(collections.map { Array($0.id.utf8) })
        for collection in index.statistics.collections
        where collection.items > 0 && !known.contains(Array(collection.id.utf8)) {
            guard try store.collection(id: collection.id) == nil else { continue }
            faults.append(
                "The index has \(collection.items) Items of a Collection \"\(collection.id)\", which is gone.")
        }
        return faults
    }

    private func difference(of index: ItemIndex, in collection: StoredCollection) throws -> IndexDifference {
        var indexed: [IndexDifference.Entry] = []
        indexed.reserveCapacity(index.count(collection: collection.number))
        index.forEachItem(collection: collection.number) { indexed.append(.init(sequence: $0, id: $1)) }
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

    func faults(of collection: String) -> [String] {
        var faults: [String] = []
        if !missing.isEmpty {
            let names = missing.values.sorted().prefix(Self.namedCount).map { "\"\($0)\"" }.joined(separator: ", ")
            let rest = missing.count > Self.namedCount ? " and others" : ""
            faults.append(
                "Collection \"\(collection)\": \(missing.count) Items are not in the index: \(names)\(rest).")
        }
        if !surplus.isEmpty {
            faults.append(
                "Collection \"\(collection)\": \(surplus.count) Items in the index are not in the store, or there twice."
            )
        }
        return faults
    }
}
