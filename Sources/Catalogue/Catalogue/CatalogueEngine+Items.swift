import Caching
import Compression
import JSON
import STACAPI
import SearchIndex
import Synchronization

extension CatalogueEngine {
    public func item(id: String, in collection: String) throws -> EncodedItem {
        // Reusing the collection's last known number saves a lookup; the store finds no Item under that of a removed
        // one.
        if let number = collectionNumbers.withLock({ $0[collection] }), let sequence = try sequence(of: id, in: number),
            let item = try item(id, collection, sequence)
        {
            return item
        }
        let owner = try requireCollection(collection)
        collectionNumbers.withLock { $0[collection] = owner.number }
        for _ in 1...Self.lookupAttempts {
            guard let sequence = try store.sequence(of: id, in: owner.number) else {
                if try isIndexed(id, in: owner.number) { break }
                throw CatalogueError.noSuchItem(id)
            }
            if let item = try item(id, collection, sequence) { return item }
            // Replaced and purged in between.
        }
        // Its entry or its body is gone.
        throw CatalogueError.damaged([ItemName(collection: collection, id: id)])
    }

    private static let lookupAttempts = 3

    /// - Returns: `nil` when there is no such version any more.
    private func item(_ id: String, _ collection: String, _ sequence: SequenceNumber) throws -> EncodedItem? {
        let found = try items([(id, collection, sequence)])
        if !found.damaged.isEmpty { throw CatalogueError.damaged(found.damaged) }
        return found.items.first
    }

    /// Whether the index has an Item that the store does not find, and never will: damage hides it.
    private func isIndexed(_ id: String, in collection: CollectionNumber) throws -> Bool {
        guard let index, (try? index.sequence(of: id, in: collection)) ?? nil != nil else { return false }
        try catchUp()
        guard try store.sequence(of: id, in: collection) == nil else { return false }
        return (try? index.sequence(of: id, in: collection)) ?? nil != nil
    }

    private func sequence(of id: String, in collection: CollectionNumber) throws -> SequenceNumber? {
        // A process that does not follow the store does not learn of other processes' writes.
        guard index != nil else { return try store.sequence(of: id, in: collection) }
        let (known, generation) = recentKeys.find(id, in: collection)
        if let known { return known }
        guard let sequence = try store.sequence(of: id, in: collection) else { return nil }
        recentKeys.insert(sequence, of: id, in: collection, generation: generation)
        return sequence
    }

    /// Reads Items by their sequences; those that no longer exist are skipped. Damaged ones are recorded and named.
    ///
    /// - Throws: `SearchAborted.cancelled`.
    func items(
        _ keys: [(id: String, collection: String, sequence: SequenceNumber)], _ budget: SearchBudget? = nil
    ) throws -> (items: [EncodedItem], damaged: [ItemName]) {
        let sequences = keys.map(\.sequence)
        var damaged: [ItemName] = []
        func recordDamage(_ position: Int, _ error: any Error) {
            let name = ItemName(collection: keys[position].collection, id: keys[position].id)
            damage.record(name, sequences[position], error)
            damaged.append(name)
        }
        var bodies: [ItemBody?]
        if keys.count <= Self.cachedItems {
            bodies = bodyCache.values(for: sequences)
            let missing = bodies.indices.filter { bodies[$0] == nil }
            if !missing.isEmpty {
                try readBodies(of: missing.map { sequences[$0] }) { index, body in
                    bodies[missing[index]] = body
                    bodyCache.insert(body, for: sequences[missing[index]], byteCount: body.json.count)
                } damaged: {
                    recordDamage(missing[$0], $1)
                }
            }
        } else {
            bodies = Array(repeating: nil, count: keys.count)
            try readBodies(of: sequences) { index, body in
                try budget?.proceed(at: index)
                bodies[index] = body
            } damaged: {
                recordDamage($0, $1)
            }
        }
        let items = zip(keys, bodies).compactMap { key, body in
            body.map {
                EncodedItem(
                    collection: key.collection, id: key.id, sequence: key.sequence, json: $0.json,
                    linksOffset: $0.linksOffset)
            }
        }
        return (items, damaged)
    }

    /// Larger requests bypass the cache: they read everything, and each Item once.
    private static let cachedItems = 256

    private func readBodies(
        of sequences: [SequenceNumber], _ body: (Int, ItemBody) throws -> Void,
        damaged: (Int, any Error) -> Void
    ) throws {
        try codec.withUnpacker { unpacker in
            try store.withBodies(sequences) { index, stored in
                let text: [UInt8]
                do {
                    text = try unpacker.text(of: stored)
                } catch let error as CatalogueError where error.code == .storeDamaged {
                    return damaged(index, error)
                }
                try body(index, .init(json: text, linksOffset: stored.linksOffset))
            }
        }
    }

    public func putItem(
        _ json: [UInt8], id: String?, in collection: String, _ mode: WriteMode, ifMatch: SequenceNumber?
    ) throws -> (item: EncodedItem, isNew: Bool) {
        let owner = try requireCollection(collection)
        let item = try prepare(json, with: preparation(for: owner))
        if let id, id != item.id {
            throw CatalogueError(.invalid, "id: is \"\(item.id)\", but the Item to be written is \"\(id)\"")
        }
        let text = try codec.text(of: item.body)
        let (sequence, isNew) = try store.write { transaction -> (SequenceNumber, Bool) in
            let existing = try transaction.sequence(of: item.id, in: owner.number)
            switch mode {
            case .create where existing != nil: throw CatalogueError.itemExists(item.id)
            case .replace where existing == nil: throw CatalogueError.noSuchItem(item.id)
            default: break
            }
            if let ifMatch, existing != ifMatch { throw CatalogueError.notCurrent(item.id) }
            guard let existing else {
                return (try transaction.insert(item.id, item.body, in: owner.number), true)
            }
            if try isUnchanged(existing, item.body, transaction) { return (existing, false) }
            return (try transaction.replace(existing, item.id, item.body, in: owner.number), false)
        }
        publishWritten()
        // Not read back: the write has succeeded, whatever other writers have done to the Item since.
        let written = EncodedItem(
            collection: collection, id: item.id, sequence: sequence, json: text, linksOffset: item.body.linksOffset)
        return (written, isNew)
    }

    public func createItems(_ texts: [[UInt8]], in collection: String) throws {
        let owner = try requireCollection(collection)
        let items = try prepare(texts, in: owner)
        try checkDistinct(items)
        try store.write { transaction in
            try transaction.anticipate(items.map(\.id), in: owner.number, reading: false)
            let taken = try items.filter { try transaction.sequence(of: $0.id, in: owner.number) != nil }.map(\.id)
            guard taken.isEmpty else {
                let names = taken.prefix(20).map { "\"\($0)\"" }.joined(separator: ", ")
                throw CatalogueError(
                    .itemExists,
                    "The Collection has Items with these ids already: \(names)"
                        + (taken.count > 20 ? " and \(taken.count - 20) more" : ""), itemID: taken.first)
            }
            for item in items { _ = try transaction.insert(item.id, item.body, in: owner.number) }
        }
        publishWritten()
    }

    public func deleteItem(id: String, in collection: String, ifMatch: SequenceNumber?) throws {
        let owner = try requireCollection(collection)
        try store.write { transaction in
            guard let existing = try transaction.sequence(of: id, in: owner.number) else {
                throw CatalogueError.noSuchItem(id)
            }
            if let ifMatch, existing != ifMatch { throw CatalogueError.notCurrent(id) }
            _ = try transaction.remove(existing, id, in: owner.number)
        }
        publishWritten()
    }

    func preparation(for collection: StoredCollection) throws -> ItemPreparation {
        try ItemPreparation(
            collection: collection.id, dictionary: latestDictionary(of: collection.number), mayLackLinks: true)
    }

    /// Validates and compresses an Item from a request.
    func prepare(
        _ text: [UInt8], with preparation: ItemPreparation, place: String = ""
    ) throws -> ItemPreparation.Item {
        do {
            return try text.withUnsafeBytes { try preparation.prepare($0) }
        } catch {
            guard let fault = InputFault(error) else { throw error }
            throw CatalogueError(.invalid, place + fault.description)
        }
    }

    private func prepare(_ texts: [[UInt8]], in collection: StoredCollection) throws -> [ItemPreparation.Item] {
        let preparation = try preparation(for: collection)
        return try texts.enumerated().map { index, text in
            try prepare(text, with: preparation, place: "features[\(index)]: ")
        }
    }

    private func checkDistinct(_ items: [ItemPreparation.Item]) throws {
        var places: [[UInt8]: Int] = [:]
        for (index, item) in items.enumerated() {
            if let first = places.updateValue(index, forKey: Array(item.id.utf8)) {
                throw CatalogueError(
                    .invalid, "features[\(index)]: id: is \"\(item.id)\", as is that of features[\(first)]",
                    itemID: item.id)
            }
        }
    }

    func latestDictionary(of collection: CollectionNumber) throws -> (number: Int64, content: ZstdDictionary)? {
        guard let latest = try store.latestDictionary(of: collection) else { return nil }
        return try codec.dictionary(latest.number).map { (latest.number, $0) }
    }

    /// Whether the version with that sequence is identical to `body`, byte by byte.
    func isUnchanged(
        _ sequence: SequenceNumber, _ body: NewBody, _ transaction: any ItemStoreTransaction
    ) throws -> Bool {
        try transaction.withBody(sequence) { stored in
            // Equal texts mostly compress to equal frames, but not with another dictionary or another version of zstd.
            if stored.dictionary == body.dictionary, stored.frame.elementsEqual(body.frame) { return true }
            let new = try codec.text(of: body)
            do {
                return try codec.withUnpacker { try $0.text(of: stored) == new }
            } catch let error as CatalogueError where error.code == .storeDamaged {
                // The existing version is unreadable: writing it again repairs it.
                return false
            }
        } ?? false
    }
}
