public import Catalogue
import TestKit
import Testing

/// Writes at random to an empty store, and compares it with a simple model of it: all that the store says, and what
/// followers learn who read the changes at any time, from any position, in pieces of any size.
public func expectItemStoreMatchesModel(_ store: any ItemStore, seed: UInt64, steps: Int) throws {
    var model = StoreModel(seed: seed)
    var followers = [Follower](repeating: Follower(), count: 4)
    for _ in 0..<steps {
        try model.write(to: store)
        for index in followers.indices where Bool.random(using: &model.generator) {
            try followers[index].follow(store, limit: Int.random(in: 1...9, using: &model.generator))
        }
        if Int.random(in: 0..<20, using: &model.generator) == 0 {
            let through = SequenceNumber.random(in: 0...max(0, try store.lastSequence()), using: &model.generator)
            try store.purge(through: through)
            try model.expectEqual(store)
        }
    }
    followers.append(Follower())
    for var follower in followers {
        while try follower.follow(store, limit: Int.random(in: 1...50, using: &model.generator)) > 0 {}
        #expect(follower.items == model.bodies, "seed \(seed)")
        #expect(follower.collections == model.collectionsByNumber, "seed \(seed)")
        #expect(try follower.position == store.lastSequence(), "seed \(seed)")
    }
}

private struct StoreModel {
    private struct Item {
        var sequence: SequenceNumber
        var body: [UInt8]
    }

    private struct Content {
        var collections: [String: StoredCollection] = [:]
        var items: [CollectionNumber: [String: Item]] = [:]
        var last: SequenceNumber = 0
    }

    private struct Abandoned: Error {}

    var generator: SeededGenerator
    private var content = Content()
    /// As they were at some time.
    private var earlier: [StoredCollection] = []
    private let seed: UInt64
    private let collectionIDs = ["a", "b", "c"]
    private let itemIDs = (0..<12).map { "item-\($0)" }

    init(seed: UInt64) {
        self.seed = seed
        generator = SeededGenerator(seed: seed)
    }

    var bodies: [SequenceNumber: [UInt8]] {
        let items = content.items.values.flatMap(\.values)
        return Dictionary(uniqueKeysWithValues: items.map { ($0.sequence, $0.body) })
    }

    var collectionsByNumber: [CollectionNumber: StoredCollection] {
        Dictionary(uniqueKeysWithValues: content.collections.values.map { ($0.number, $0) })
    }

    /// One transaction of several operations, which now and then is abandoned.
    mutating func write(to store: any ItemStore) throws {
        let before = content
        do {
            try store.write { transaction in
                for _ in 0..<Int.random(in: 1...6, using: &generator) { try operate(in: transaction) }
                if Int.random(in: 0..<8, using: &generator) == 0 { throw Abandoned() }
            }
        } catch is Abandoned {
            content = before
        }
        #expect(try store.lastSequence() == content.last, "seed \(seed)")
        let collections = content.collections.values.sorted { $0.id < $1.id }
        #expect(try store.collections(reusing: earlier) == collections, "seed \(seed)")
        if Int.random(in: 0..<4, using: &generator) == 0 { earlier = collections }
    }

    private mutating func operate(in transaction: any ItemStoreTransaction) throws {
        let collectionID = collectionIDs.randomElement(using: &generator)!
        let body = (0..<Int.random(in: 0...5, using: &generator)).map { _ in
            UInt8.random(in: 0...255, using: &generator)
        }
        guard let collection = content.collections[collectionID], Int.random(in: 0..<25, using: &generator) > 0 else {
            let collection = try transaction.putCollection(id: collectionID, body: body)
            content.collections[collectionID] = collection
            return advance(to: collection.sequence)
        }
        let number = collection.number
        if Int.random(in: 0..<60, using: &generator) == 0 {
            content.collections[collectionID] = nil
            content.items[number] = nil
            return advance(to: try transaction.removeCollection(number))
        }
        let id = itemIDs.randomElement(using: &generator)!
        let current = content.items[number]?[id]
        #expect(try transaction.sequence(of: id, in: number) == current?.sequence, "seed \(seed)")
        guard let current else {
            let sequence = try transaction.insert(id, NewBody(body), in: number)
            content.items[number, default: [:]][id] = Item(sequence: sequence, body: body)
            return advance(to: sequence)
        }
        if Bool.random(using: &generator) {
            let sequence = try transaction.replace(current.sequence, id, NewBody(body), in: number)
            content.items[number]?[id] = Item(sequence: sequence, body: body)
            advance(to: sequence)
        } else {
            content.items[number]?[id] = nil
            advance(to: try transaction.remove(current.sequence, id, in: number))
        }
    }

    private mutating func advance(to sequence: SequenceNumber) {
        #expect(sequence > content.last, "seed \(seed)")
        content.last = sequence
    }

    func expectEqual(_ store: any ItemStore) throws {
        #expect(try store.collections() == content.collections.values.sorted { $0.id < $1.id }, "seed \(seed)")
        for collection in content.collections.values {
            for id in itemIDs {
                let item = content.items[collection.number]?[id]
                #expect(try store.sequence(of: id, in: collection.number) == item?.sequence, "seed \(seed)")
                if let item { #expect(try store.bodies([item.sequence]) == [0: item.body], "seed \(seed)") }
            }
        }
    }
}
