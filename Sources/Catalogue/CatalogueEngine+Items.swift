import Compression
import JSON
import SearchIndex

extension CatalogueEngine {
    public func item(id: String, in collection: String) throws -> EncodedItem {
        let owner = try requireCollection(collection)
        guard let sequence = try store.sequence(of: id, in: owner.number),
            let item = try items([(id, collection, sequence)]).first
        else {
            throw CatalogueError(.noSuchItem, "The Collection \"\(collection)\" has no Item \"\(id)\".", itemID: id)
        }
        return item
    }

    /// Reads Items by their sequences; those that are gone are passed over.
    func items(_ keys: [(id: String, collection: String, sequence: SequenceNumber)]) throws -> [EncodedItem] {
        var items: [EncodedItem] = []
        items.reserveCapacity(keys.count)
        try codec.withUnpacker { unpacker in
            try store.withBodies(keys.map(\.sequence)) { index, body in
                try unpacker.withText(of: body) { text in
                    let key = keys[index]
                    items.append(
                        EncodedItem(
                            collection: key.collection, id: key.id, sequence: key.sequence, json: Array(text),
                            linksOffset: body.linksOffset))
                }
            }
        }
        return items
    }

    public func putItem(
        _ json: [UInt8], id: String?, in collection: String, _ mode: WriteMode, ifMatch: SequenceNumber?
    ) throws -> (item: EncodedItem, isNew: Bool) {
        let owner = try requireCollection(collection)
        let item = try prepare([json], in: owner)[0]
        if let id, id != item.id {
            throw CatalogueError(.invalid, "id: is \"\(item.id)\", but the Item to be written is \"\(id)\"")
        }
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
        try catchUp()
        guard let written = try items([(item.id, collection, sequence)]).first else {
            throw CatalogueError.noSuchItem(item.id)
        }
        return (written, isNew)
    }

    public func createItems(_ texts: [[UInt8]], in collection: String) throws {
        let owner = try requireCollection(collection)
        let items = try prepare(texts, in: owner)
        try store.write { transaction in
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
        try catchUp()
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
        try catchUp()
    }

    /// Checks and packs Items that came with a request.
    private func prepare(_ texts: [[UInt8]], in collection: StoredCollection) throws -> [ItemPreparation.Item] {
        let preparation = try ItemPreparation(
            collection: collection.id, dictionary: try latestDictionary(of: collection.number))
        return try texts.enumerated().map { index, text in
            do {
                return try text.withUnsafeBytes { try preparation.prepare($0) }
            } catch {
                guard let fault = InputFault(error) else { throw error }
                let place = texts.count > 1 ? "features[\(index)]: " : ""
                throw CatalogueError(.invalid, place + fault.description)
            }
        }
    }

    func latestDictionary(of collection: CollectionNumber) throws -> (number: Int64, content: ZstdDictionary)? {
        guard let latest = try store.latestDictionary(of: collection) else { return nil }
        return try codec.dictionary(latest.number).map { (latest.number, $0) }
    }

    /// Whether the version with that sequence says the same as `body`, byte by byte.
    func isUnchanged(
        _ sequence: SequenceNumber, _ body: NewBody, _ transaction: any ItemStoreTransaction
    ) throws -> Bool {
        try transaction.withBody(sequence) { stored in
            if stored.dictionary == body.dictionary, stored.linksOffset == body.linksOffset {
                // Packing is deterministic: the same text makes the same frame.
                return stored.frame.elementsEqual(body.frame)
            }
            return try codec.withUnpacker { unpacker in
                let old = try unpacker.withText(of: stored) { Array($0) }
                return try body.frame.withUnsafeBytes { frame in
                    let new = StoredBody(frame: frame, dictionary: body.dictionary, linksOffset: body.linksOffset)
                    return try unpacker.withText(of: new) { $0.elementsEqual(old) }
                }
            }
        } ?? false
    }
}
