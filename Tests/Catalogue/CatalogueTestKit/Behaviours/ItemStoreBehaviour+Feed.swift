import Catalogue
import Testing

extension ItemStoreBehaviour {
    static let feed = [
        Self("feeds all changes in their order") { factory in
            let history = try History(in: factory.open())
            #expect(try history.feed(after: 0, limit: .max) == history.expected)
        },
        Self("feeds changes from any sequence on, and no more than asked for") { factory in
            let history = try History(in: factory.open())
            #expect(try history.feed(after: 0, limit: 2) == Array(history.expected.prefix(2)))
            #expect(try history.feed(after: 0, limit: 0) == [])
            #expect(try history.feed(after: history.first, limit: 1) == ["removed \(history.first)"])
            #expect(try history.feed(after: history.second, limit: 100) == Array(history.expected.suffix(2)))
            #expect(try history.feed(after: history.third, limit: 100) == Array(history.expected.suffix(1)))
            #expect(try history.feed(after: history.fourth, limit: 100) == [])
        },
        Self("feeds removals of versions that were purged") { factory in
            let history = try History(in: factory.open())
            try history.store.purge(through: history.third)
            #expect(try history.feed(after: 0, limit: .max) == history.expected.filter { !$0.hasSuffix("]") })
        },
        Self("feeds a removal together with the version that takes its place") { factory in
            let store = try factory.open()
            let number = try store.putCollection("a")
            var current = try store.insert("i", [1], in: number)
            for version in 1..<2000 {
                let replaced = current
                if version % 3 == 0 { _ = try store.insert("other-\(version)", [0], in: number) }
                current = try store.write {
                    try $0.replace(replaced, "i", NewBody([1, UInt8(version & 255)]), in: number)
                }
            }
            for limit in [2, 3, 7, 1024, 1025, 1500] {
                var follower = Follower()
                repeat {
                    let count = try follower.follow(store, limit: limit)
                    #expect(count > 0 && count <= limit)
                    if follower.position > 2, !follower.items.values.contains(where: { $0.first == 1 }) {
                        Issue.record("The Item was missing after \(follower.position)")
                    }
                } while follower.position < current
            }
        },
    ]
}

/// A Collection and an Item from their beginning to their end.
private struct History {
    let store: any ItemStore
    let first, second, third, fourth: SequenceNumber
    let expected: [String]

    init(in store: any ItemStore) throws {
        self.store = store
        let number = try store.putCollection("a", [1])
        let first = try store.insert("i", [1], in: number)
        let second = try store.write { try $0.replace(first, "i", NewBody([2]), in: number) }
        let third = try store.write { try $0.remove(second, "i", in: number) }
        let fourth = try store.write { try $0.removeCollection(number) }
        (self.first, self.second, self.third, self.fourth) = (first, second, third, fourth)
        expected = [
            "put a", "put \(first) [1]", "removed \(first)", "put \(second) [2]", "removed \(second)",
            "removed collection \(number)",
        ]
    }

    func feed(after: SequenceNumber, limit: Int) throws -> [String] {
        var changes: [String] = []
        try store.changes(after: after, limit: limit) { change in
            switch change {
            case .putCollection(let collection): changes.append("put \(collection.id)")
            case .removedCollection(_, let number): changes.append("removed collection \(number)")
            case .putItem(let sequence, _, let body): changes.append("put \(sequence) \(Array(body.frame))")
            case .removedItem(_, _, let removed): changes.append("removed \(removed)")
            case .damaged(let sequence): changes.append("damaged \(sequence)")
            }
        }
        return changes
    }
}
