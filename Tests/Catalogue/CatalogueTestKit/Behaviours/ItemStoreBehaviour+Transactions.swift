import Catalogue
import Testing

extension ItemStoreBehaviour {
    static let transactions = [
        Self("hands on what a transaction returns") { factory in
            let store = try factory.open()
            #expect(try store.write { _ in "result" } == "result")
            #expect(try store.lastSequence() == 0)
        },
        Self("shows a transaction what it has written itself") { factory in
            let store = try factory.open()
            try store.write { transaction in
                let a = try transaction.putCollection(id: "a", body: [1])
                #expect(try transaction.collection(id: "a") == a)
                let first = try transaction.insert("i", NewBody([1]), in: a.number)
                #expect(try transaction.sequence(of: "i", in: a.number) == first)
                let second = try transaction.replace(first, "i", NewBody([2]), in: a.number)
                #expect(try transaction.sequence(of: "i", in: a.number) == second)
                #expect(try transaction.withBody(first) { Array($0.frame) } == [1])
                #expect(try transaction.withBody(second) { Array($0.frame) } == [2])
                #expect(try transaction.withBody(second + 1) { _ in } == nil)
                _ = try transaction.remove(second, "i", in: a.number)
                #expect(try transaction.sequence(of: "i", in: a.number) == nil)
            }
        },
        Self("leaves nothing of a transaction that throws") { factory in
            let store = try factory.open()
            let number = try store.putCollection("a", [1])
            let kept = try store.insert("kept", [1], in: number)
            let before = try Follower(following: store)
            #expect(throws: Abandoned.self) {
                try store.write { transaction in
                    _ = try transaction.insert("new", NewBody([2]), in: number)
                    let replaced = try transaction.replace(kept, "kept", NewBody([3]), in: number)
                    _ = try transaction.remove(replaced, "kept", in: number)
                    let other = try transaction.putCollection(id: "b", body: []).number
                    _ = try transaction.addDictionary([1, 2], for: other)
                    _ = try transaction.removeCollection(number)
                    throw Abandoned()
                }
            }
            #expect(try store.lastSequence() == before.position)
            #expect(try Follower(following: store) == before)
            #expect(try store.collections().map(\.id) == ["a"])
            #expect(try store.sequence(of: "kept", in: number) == kept)
            #expect(try store.sequence(of: "new", in: number) == nil)
            let next = try store.insert("new", [4], in: number)
            #expect(next > before.position)
            #expect(try store.bodies([kept, next]) == [0: [1], 1: [4]])
        },
    ]

    static let dictionaries = [
        Self("keeps the dictionaries of each Collection") { factory in
            let store = try factory.open()
            let (a, b) = (try store.putCollection("a"), try store.putCollection("b"))
            let (first, other, second) = try store.write { transaction in
                let first = try transaction.addDictionary([1], for: a)
                let other = try transaction.addDictionary([2, 2], for: b)
                return (first, other, try transaction.addDictionary([3, 3, 3], for: a))
            }
            #expect(Set([0, first, other, second]).count == 4, "0 stands for none")
            #expect(try store.dictionary(first) == [1])
            #expect(try store.dictionary(other) == [2, 2])
            let latest = try store.latestDictionary(of: a)
            #expect(latest?.number == second && latest?.bytes == [3, 3, 3])
        },
        Self("keeps with a body its dictionary and where links belong") { factory in
            let store = try factory.open()
            let number = try store.putCollection("a")
            let (dictionary, sequence) = try store.write { transaction in
                let dictionary = try transaction.addDictionary([1], for: number)
                let body = NewBody(frame: [9], dictionary: dictionary, linksOffset: 3)
                return (dictionary, try transaction.insert("i", body, in: number))
            }
            try store.withBodies([sequence]) { _, body in
                #expect(body.dictionary == dictionary && body.linksOffset == 3)
            }
        },
        Self("refuses bodies with a dictionary of another Collection, or none that there is") { factory in
            let store = try factory.open()
            let (a, b) = (try store.putCollection("a"), try store.putCollection("b"))
            try store.write { transaction in
                let other = try transaction.addDictionary([2, 2], for: b)
                for dictionary in [other, 99] {
                    expect(.invalid) {
                        try transaction.insert("i", NewBody(frame: [9], dictionary: dictionary, linksOffset: 3), in: a)
                    }
                }
            }
            #expect(try store.itemKeys(in: a) == [])
        },
        Self("keeps the dictionaries of a removed Collection as long as its versions") { factory in
            let store = try factory.open()
            let (a, b) = (try store.putCollection("a"), try store.putCollection("b"))
            let (first, other) = try store.write { transaction in
                (try transaction.addDictionary([1], for: a), try transaction.addDictionary([2], for: b))
            }
            let removal = try store.write { try $0.removeCollection(a) }
            #expect(try store.dictionary(first) == [1])
            try store.purge(through: removal)
            #expect(try store.dictionary(other) == [2])
        },
    ]
}
