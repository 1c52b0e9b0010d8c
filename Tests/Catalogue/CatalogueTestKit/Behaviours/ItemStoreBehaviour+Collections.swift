import Catalogue
import Testing

extension ItemStoreBehaviour {
    static let collections = [
        Self("is empty at first") { factory in
            let store = try factory.open()
            #expect(try store.collections().isEmpty)
            #expect(try store.collection(id: "a") == nil)
            #expect(try store.lastSequence() == 0)
            #expect(try store.lastCollectionSequence() == 0)
            #expect(try store.sequence(of: "i", in: 1) == nil)
            #expect(try store.bodies([1, 2]) == [:])
            #expect(try store.itemKeys(in: 1) == [])
            #expect(try store.dictionary(1) == nil)
            #expect(try store.latestDictionary(of: 1) == nil)
            try store.changes(after: 0, limit: 10) { _ in Issue.record("A new store has changed") }
            try store.purge(through: 10)
            #expect(try store.lastSequence() == 0)
        },
        Self("lists Collections by id") { factory in
            let store = try factory.open()
            let (b, a) = try store.write { transaction in
                let b = try transaction.putCollection(id: "b", body: Array("1".utf8))
                return (b, try transaction.putCollection(id: "a", body: []))
            }
            #expect(a.number > 0 && b.number > 0 && a.number != b.number)
            #expect(b.sequence > 0 && a.sequence > b.sequence)
            #expect(try store.collections() == [a, b])
            #expect(try store.collection(id: "b") == b)
            #expect(try store.collection(id: "c") == nil)
        },
        Self("gives a Collection that is written again a new sequence, and leaves it its number") { factory in
            let store = try factory.open()
            let (first, changed) = try store.write { transaction in
                let first = try transaction.putCollection(id: "a", body: [1])
                return (first, try transaction.putCollection(id: "a", body: [2]))
            }
            #expect(changed.number == first.number && changed.sequence > first.sequence && changed.body == [2])
            #expect(try store.collections() == [changed])
        },
        Self("reads Collections that have not changed from those given") { factory in
            let store = try factory.open()
            try store.putCollection("a", [1])
            try store.putCollection("b", [1])
            try store.putCollection("c", [1])
            let known = try store.collections()
            try store.putCollection("b", [2])
            try store.putCollection("d", [1])
            _ = try store.write { try $0.removeCollection(known[2].number) }
            let collections = try store.collections(reusing: known)
            #expect(try collections == store.collections())
            #expect(collections.map(\.id) == ["a", "b", "d"])
        },
        Self("tells by a sequence that Collections have changed") { factory in
            let store = try factory.open()
            let number = try store.putCollection("a")
            let first = try store.lastCollectionSequence()
            #expect(try first == store.lastSequence())
            _ = try store.insert("i", [1], in: number)
            #expect(try store.lastCollectionSequence() == first)
            let removal = try store.write { try $0.removeCollection(number) }
            #expect(try store.lastCollectionSequence() == removal)
        },
        Self("removes a Collection with its Items") { factory in
            let store = try factory.open()
            let (removed, kept) = (try store.putCollection("a"), try store.putCollection("b"))
            let item = try store.insert("i", [1], in: removed)
            let other = try store.insert("i", [2], in: kept)
            let removal = try store.write { transaction in
                let removal = try transaction.removeCollection(removed)
                #expect(try transaction.collection(id: "a") == nil)
                #expect(try transaction.sequence(of: "i", in: removed) == nil)
                return removal
            }
            #expect(try store.lastSequence() == removal)
            #expect(try store.collections().map(\.id) == ["b"])
            #expect(try store.sequence(of: "i", in: removed) == nil)
            #expect(try store.sequence(of: "i", in: kept) == other)
            #expect(try store.bodies([item]) == [0: [1]], "Versions stay readable until purged")
        },
        Self("gives the number of a removed Collection to nobody") { factory in
            let store = try factory.open()
            let old = try store.putCollection("a")
            let oldItem = try store.insert("i", [1], in: old)
            let removal = try store.write { try $0.removeCollection(old) }
            let new = try store.putCollection("a")
            #expect(new != old)
            #expect(try store.sequence(of: "i", in: new) == nil)
            let newItem = try store.insert("i", [2], in: new)
            try store.purge(through: removal)
            #expect(try store.bodies([oldItem, newItem]) == [1: [2]])
            #expect(try store.sequence(of: "i", in: new) == newItem)
            #expect(try store.itemKeys(in: old) == [])
        },
    ]
}
