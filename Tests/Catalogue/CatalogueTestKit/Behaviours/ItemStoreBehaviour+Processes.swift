import Catalogue
import Synchronization
import Testing

extension ItemStoreBehaviour {
    static let processes = [
        Self("shows all who have opened it what one of them writes") { factory in
            let (ours, theirs) = (try factory.open(), try factory.open())
            #expect(try ours.identifier() == theirs.identifier())
            let number = try theirs.putCollection("a", [1])
            #expect(try ours.collection(id: "a")?.number == number)
            let first = try ours.insert("i", [1], in: number)
            #expect(try theirs.lastSequence() == first)
            let second = try theirs.write { transaction in
                #expect(try transaction.sequence(of: "i", in: number) == first)
                return try transaction.replace(first, "i", NewBody([2]), in: number)
            }
            #expect(try ours.sequence(of: "i", in: number) == second)
            #expect(try ours.bodies([second]) == [0: [2]])
        },
        Self("keeps everything when it is closed and opened again") { factory in
            let (before, identifier) = try {
                let store = try factory.open()
                let number = try store.putCollection("a", [1])
                for index in 0..<100 { _ = try store.insert("item-\(index)", [UInt8(index)], in: number) }
                return (try Follower(following: store), try store.identifier())
            }()
            let store = try factory.open()
            #expect(try store.identifier() == identifier)
            #expect(try Follower(following: store) == before)
            let number = try #require(try store.collection(id: "a")).number
            #expect(try store.insert("next", [1], in: number) > before.position)
        },
        Self("lets nobody who follows it miss a change, however many write at once") { factory in
            let number = try factory.open().putCollection("a")
            let writerCount = 4
            let finished = Finished()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<writerCount {
                    let store = try factory.open()
                    group.addTask {
                        for round in 0..<40 { try store.writeTwoVersions("\(writer)-\(round)", in: number) }
                        finished.count.add(1, ordering: .sequentiallyConsistent)
                    }
                }
                let store = try factory.open()
                group.addTask {
                    var follower = Follower()
                    var isLast = false
                    while !isLast {
                        try Task.checkCancellation()
                        isLast = finished.count.load(ordering: .sequentiallyConsistent) == writerCount
                        let last = try store.lastSequence()
                        try follower.follow(store, limit: .max)
                        #expect(follower.position >= last)
                        await Task.yield()
                    }
                    #expect(follower.items.count == writerCount * 40)
                    #expect(try follower == Follower(following: store))
                }
                try await group.waitForAll()
            }
        },
    ]

    static let snapshots = [
        Self("keeps a snapshot as it was, whatever is written") { factory in
            let store = try factory.open()
            let (a, b) = (try store.putCollection("a", [1]), try store.putCollection("b", [2]))
            let (dictionary, first) = try store.write { transaction in
                let dictionary = try transaction.addDictionary([1, 2, 3], for: a)
                let body = NewBody(frame: [1], dictionary: dictionary, linksOffset: 7)
                return (dictionary, try transaction.insert("i", body, in: a))
            }
            let other = try store.insert("j", [2], in: b)
            let content = try Follower(following: store)
            let (collections, statistics) = (try store.collections(), try store.statistics())
            let snapshot = try store.snapshot()

            let second = try store.write { try $0.replace(first, "i", NewBody([3]), in: a) }
            let late = try store.insert("late", [4], in: b)
            _ = try store.write { try $0.addDictionary([4], for: a) }
            let removal = try store.write { transaction in
                _ = try transaction.putCollection(id: "c", body: [])
                return try transaction.removeCollection(b)
            }
            try store.purge(through: removal)

            #expect(try snapshot.lastSequence() == other)
            #expect(try snapshot.lastCollectionSequence() < first)
            #expect(try Follower(following: snapshot) == content)
            #expect(try snapshot.collections() == collections)
            #expect(try snapshot.collections(reusing: store.collections()) == collections)
            #expect(try snapshot.collection(id: "c") == nil)
            #expect(try snapshot.sequence(of: "i", in: a) == first)
            #expect(try snapshot.sequence(of: "late", in: b) == nil)
            #expect(try snapshot.bodies([first, other, second, late]) == [0: [1], 1: [2]])
            #expect(try snapshot.itemKeys(in: b) == [ItemKey(id: "j", sequence: other)])
            #expect(try snapshot.latestDictionary(of: a)?.number == dictionary)
            #expect(try snapshot.statistics() == statistics)
        },
        Self("lets several threads read a snapshot") { factory in
            let store = try factory.open()
            let number = try store.putCollection("a")
            let sequences = try (0..<50).map { try store.insert("\($0)", [UInt8($0)], in: number) }
            let snapshot = try store.snapshot()
            try await withThrowingTaskGroup(of: [Int: [UInt8]].self) { group in
                for _ in 0..<8 { group.addTask { try snapshot.bodies(sequences) } }
                for try await bodies in group { #expect(bodies.count == 50 && bodies[49] == [49]) }
            }
        },
    ]
}

extension ItemStore {
    fileprivate func writeTwoVersions(_ id: String, in number: CollectionNumber) throws {
        try write { transaction in
            let first = try transaction.insert(id, NewBody([1]), in: number)
            _ = try transaction.replace(first, id, NewBody([2]), in: number)
        }
    }
}

/// Writers that have come to their end.
private final class Finished: Sendable {
    let count = Atomic(0)
}
