package import Catalogue
import Testing

/// A copy of a store's content that knows only the store's changes.
package struct Follower: Equatable {
    package private(set) var position: SequenceNumber = 0
    package private(set) var collections: [CollectionNumber: StoredCollection] = [:]
    package private(set) var items: [SequenceNumber: [UInt8]] = [:]
    private var collectionOfItem: [SequenceNumber: CollectionNumber] = [:]

    package init() {}

    /// Takes all changes.
    package init(following store: any ItemStoreReader) throws {
        try follow(store, limit: .max)
    }

    /// Takes the next changes.
    ///
    /// - Returns: Their number.
    @discardableResult
    package mutating func follow(_ store: any ItemStoreReader, limit: Int) throws -> Int {
        var count = 0
        try store.changes(after: position, limit: limit) { change in
            apply(change)
            count += 1
        }
        return count
    }

    private mutating func apply(_ change: StoreChange) {
        let sequence: SequenceNumber
        switch change {
        case .putCollection(let collection):
            sequence = collection.sequence
            collections[collection.number] = collection
        case .removedCollection(let number, let collection):
            sequence = number
            collections[collection] = nil
            for (item, owner) in collectionOfItem where owner == collection { forget(item) }
        case .putItem(let number, let collection, let body):
            sequence = number
            if collections[collection] == nil {
                Issue.record("The Item \(number) came before its collection \(collection)")
            }
            items[number] = Array(body.frame)
            collectionOfItem[number] = collection
        case .removedItem(let number, _, let removed):
            sequence = number
            forget(removed)
        case .damaged(let number):
            sequence = number
            Issue.record("The change \(number) is damaged")
        }
        if sequence <= position { Issue.record("The change \(sequence) came after \(position)") }
        position = sequence
    }

    private mutating func forget(_ item: SequenceNumber) {
        items[item] = nil
        collectionOfItem[item] = nil
    }
}
