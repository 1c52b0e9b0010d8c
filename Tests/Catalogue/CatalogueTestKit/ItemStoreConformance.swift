public import Catalogue
import Testing

/// What every `ItemStore` must do. `makeStore` gives a new, empty one at each call.
public func expectItemStoreConformance(_ makeStore: () throws -> some ItemStore) throws {
    try expectEmptyStore(makeStore())
    try expectCollections(makeStore())
    try expectCollectionsAreNotMixedUp(makeStore())
    try expectItems(makeStore())
    try expectVersions(makeStore())
    try expectRefusals(makeStore())
    try expectRollback(makeStore())
    try expectOddIDs(makeStore())
    try expectDictionaries(makeStore())
    try expectFeed(makeStore())
    try expectReplacementInOnePiece(makeStore())
}

private func expectEmptyStore(_ store: some ItemStore) throws {
    #expect(try store.collections().isEmpty)
    #expect(try store.collection(id: "a") == nil)
    #expect(try store.lastSequence() == 0)
    #expect(try store.sequence(of: "i", in: 1) == nil)
    #expect(try store.bodies([1, 2]) == [:])
    #expect(try store.dictionary(1) == nil)
    #expect(try store.latestDictionary(of: 1) == nil)
    try store.changes(after: 0, limit: 10) { _ in Issue.record("A new store has changed") }
    try store.purge(through: 10)
    #expect(try store.write { _ in "result" } == "result")
    #expect(try store.lastSequence() == 0)
}

private func expectCollections(_ store: some ItemStore) throws {
    let (b, a) = try store.write { transaction in
        let b = try transaction.putCollection(id: "b", body: Array("1".utf8))
        let a = try transaction.putCollection(id: "a", body: [])
        #expect(try transaction.collection(id: "b") == b)
        #expect(try transaction.collection(id: "c") == nil)
        return (b, a)
    }
    #expect(a.number > 0 && b.number > 0 && a.number != b.number)
    #expect(b.sequence > 0 && a.sequence > b.sequence)
    #expect(try store.collections() == [a, b])

    let changed = try store.write { try $0.putCollection(id: "b", body: Array("2".utf8)) }
    #expect(changed.number == b.number && changed.sequence > a.sequence && changed.body == Array("2".utf8))
    #expect(try store.collection(id: "b") == changed)

    let removal = try store.write { try $0.removeCollection(b.number) }
    #expect(removal > changed.sequence)
    #expect(try store.lastSequence() == removal)
    #expect(try store.collections() == [a])
    #expect(throws: CatalogueError.self) { try store.write { try $0.removeCollection(b.number) } }
}

/// A collection that is removed takes its Items with it, and gives its number to nobody.
private func expectCollectionsAreNotMixedUp(_ store: some ItemStore) throws {
    let (old, other) = try store.write {
        (try $0.putCollection(id: "a", body: [1]).number, try $0.putCollection(id: "b", body: [2]).number)
    }
    let oldItem = try store.insert("i", [1], in: old)
    let otherItem = try store.insert("i", [2], in: other)
    let removal = try store.write { transaction in
        let removal = try transaction.removeCollection(old)
        #expect(try transaction.sequence(of: "i", in: old) == nil)
        #expect(throws: CatalogueError.self) { try transaction.insert("j", NewBody([3]), in: old) }
        return removal
    }
    #expect(try store.sequence(of: "i", in: old) == nil)
    #expect(try store.sequence(of: "i", in: other) == otherItem)
    #expect(try store.bodies([oldItem]) == [0: [1]], "Versions stay readable until purged")

    let new = try store.write { try $0.putCollection(id: "a", body: [3]).number }
    #expect(new != old)
    #expect(try store.sequence(of: "i", in: new) == nil)
    let newItem = try store.insert("i", [4], in: new)

    try store.purge(through: removal)
    #expect(try store.bodies([oldItem, otherItem, newItem]) == [1: [2], 2: [4]])
    #expect(try store.sequence(of: "i", in: new) == newItem)
    #expect(try Follower(following: store).items == [otherItem: [2], newItem: [4]])
}

private func expectItems(_ store: some ItemStore) throws {
    let number = try store.write { try $0.putCollection(id: "a", body: []).number }
    let count = 3000
    let sequences = try store.write { transaction in
        try (0..<count).map { try transaction.insert("item-\($0)", NewBody(bytes(of: $0)), in: number) }
    }
    #expect(zip(sequences, sequences.dropFirst()).allSatisfy { $0 < $1 })
    #expect(try store.lastSequence() == sequences.last)
    #expect(try store.sequence(of: "item-1234", in: number) == sequences[1234])

    // In the order asked for, with repetitions, without those that are not there.
    let asked = [sequences[2999], 1 << 40, sequences[0], sequences[2999], -1] + sequences
    var found: [Int] = []
    try store.withBodies(asked) { index, body in
        found.append(index)
        let expected = index < 4 ? (index == 2 ? 0 : 2999) : index - 5
        #expect(body.frame.elementsEqual(bytes(of: expected)))
        #expect(body.linksOffset == 7 && body.dictionary == 0)
    }
    #expect(found == [0, 2, 3] + Array(5..<(count + 5)))

    #expect(throws: Abandoned.self) { try store.withBodies(asked) { _, _ in throw Abandoned() } }
    #expect(throws: Abandoned.self) { try store.changes(after: 0, limit: 10) { _ in throw Abandoned() } }
    #expect(try store.bodies([sequences[5]]) == [0: bytes(of: 5)])
}

private func expectVersions(_ store: some ItemStore) throws {
    let number = try store.write { try $0.putCollection(id: "a", body: []).number }
    let first = try store.insert("i", [1], in: number)
    let second = try store.write { transaction in
        let second = try transaction.replace(first, "i", NewBody([2]), in: number)
        #expect(try transaction.sequence(of: "i", in: number) == second)
        #expect(try transaction.withBody(first) { Array($0.frame) } == [1])
        #expect(try transaction.withBody(second) { Array($0.frame) } == [2])
        #expect(try transaction.withBody(second + 1) { _ in } == nil)
        return second
    }
    let removal = try store.write { try $0.remove(second, "i", in: number) }
    #expect(first < second && second < removal)
    #expect(try store.sequence(of: "i", in: number) == nil)
    let third = try store.insert("i", [3], in: number)
    #expect(try store.bodies([first, second, third]) == [0: [1], 1: [2], 2: [3]])

    try store.purge(through: second)
    #expect(try store.bodies([first, second, third]) == [1: [2], 2: [3]])
    try store.purge(through: removal)
    try store.purge(through: first)
    #expect(try store.bodies([first, second, third]) == [2: [3]])
    try store.purge(through: .max)
    #expect(try store.bodies([third]) == [0: [3]])
    #expect(try store.sequence(of: "i", in: number) == third)
    #expect(try store.lastSequence() == third)
}

private func expectRefusals(_ store: some ItemStore) throws {
    let number = try store.write { try $0.putCollection(id: "a", body: []).number }
    let first = try store.insert("i", [1], in: number)
    let last = try store.lastSequence()
    // Caught inside, they leave the transaction as it was.
    try store.write { transaction in
        let taken = expect(.itemExists) { try transaction.insert("i", NewBody([2]), in: number) }
        #expect(taken?.itemID == "i")
        expect(.noSuchCollection) { try transaction.insert("i", NewBody([2]), in: number + 1) }
        expect(.noSuchCollection) { try transaction.replace(first, "i", NewBody([2]), in: number + 1) }
        expect(.noSuchCollection) { try transaction.remove(first, "i", in: number + 1) }
        expect(.noSuchCollection) { try transaction.removeCollection(number + 1) }
        expect(.noSuchCollection) { try transaction.addDictionary([1], for: number + 1) }
        expect(.noSuchItem) { try transaction.replace(first, "j", NewBody([2]), in: number) }
        expect(.noSuchItem) { try transaction.remove(first, "j", in: number) }
        expect(.preconditionFailed) { try transaction.replace(first + 1, "i", NewBody([2]), in: number) }
        expect(.preconditionFailed) { try transaction.remove(first - 1, "i", in: number) }
        expect(.invalid) {
            try transaction.insert("j", NewBody(frame: [1], dictionary: 99, linksOffset: 0), in: number)
        }
    }
    #expect(try store.lastSequence() == last)
    #expect(try store.sequence(of: "i", in: number) == first)
    #expect(try store.bodies([first]) == [0: [1]])
    #expect(try store.insert("j", [2], in: number) > last)
}

private func expectRollback(_ store: some ItemStore) throws {
    let number = try store.write { try $0.putCollection(id: "a", body: [1]).number }
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
}

private func expectOddIDs(_ store: some ItemStore) throws {
    let ids = [
        "'", "\"", "'; DROP TABLE item; --", "%", "_", "\\", " ", " leading", "trailing ", "a/b?c#d", "\n", "\u{1}",
        "\u{E9}", "e\u{301}", "S", "s", "ß", "日本", "🛰️", "\u{FEFF}", "\u{202E}x", "1", "1.0", "NULL",
        String(repeating: "x", count: 1024), String(repeating: "é", count: 512),
    ]
    let number = try store.write { transaction in
        for id in ids { _ = try transaction.putCollection(id: id, body: Array(id.utf8)) }
        return try transaction.putCollection(id: "a", body: []).number
    }
    for id in ids { #expect(try store.collection(id: id)?.body == Array(id.utf8)) }
    let listed = try store.collections().map { Array($0.id.utf8) }
    #expect(listed == (ids + ["a"]).map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) })

    let sequences = try ids.map { try store.insert($0, Array($0.utf8), in: number) }
    for (id, sequence) in zip(ids, sequences) {
        #expect(try store.sequence(of: id, in: number) == sequence)
        #expect(try store.bodies([sequence]) == [0: Array(id.utf8)])
    }
    try store.write { transaction in
        for id in ["", "a\0b", "\0", String(repeating: "x", count: 1025)] {
            expect(.invalid) { try transaction.insert(id, NewBody([1]), in: number) }
            expect(.invalid) { try transaction.putCollection(id: id, body: []) }
        }
    }
}

private func expectDictionaries(_ store: some ItemStore) throws {
    let (a, b) = try store.write {
        (try $0.putCollection(id: "a", body: []).number, try $0.putCollection(id: "b", body: []).number)
    }
    let (first, other, second) = try store.write { transaction in
        let first = try transaction.addDictionary([1], for: a)
        let other = try transaction.addDictionary([2, 2], for: b)
        return (first, other, try transaction.addDictionary([3, 3, 3], for: a))
    }
    #expect(Set([0, first, other, second]).count == 4)
    #expect(try store.dictionary(first) == [1])
    #expect(try store.dictionary(other) == [2, 2])
    let latest = try store.latestDictionary(of: a)
    #expect(latest?.number == second && latest?.bytes == [3, 3, 3])
    let sequence = try store.write { transaction in
        expect(.invalid) {
            try transaction.insert("j", NewBody(frame: [9], dictionary: other, linksOffset: 3), in: a)
        }
        return try transaction.insert("i", NewBody(frame: [9], dictionary: first, linksOffset: 3), in: a)
    }
    try store.withBodies([sequence]) { _, body in
        #expect(body.dictionary == first && body.linksOffset == 3)
    }
    let removal = try store.write { try $0.removeCollection(a) }
    #expect(try store.dictionary(first) == [1], "Needed by versions until they are purged")
    try store.purge(through: removal)
    #expect(try store.dictionary(other) == [2, 2])
}

private func expectFeed(_ store: some ItemStore) throws {
    let number = try store.write { try $0.putCollection(id: "a", body: [1]).number }
    let first = try store.insert("i", [1], in: number)
    let second = try store.write { try $0.replace(first, "i", NewBody([2]), in: number) }
    let third = try store.write { try $0.remove(second, "i", in: number) }
    let fourth = try store.write { try $0.removeCollection(number) }
    let expected = [
        "put a", "put \(first) [1]", "removed \(first)", "put \(second) [2]", "removed \(second)",
        "removed collection \(number)",
    ]
    func feed(after: SequenceNumber, limit: Int) throws -> [String] {
        var changes: [String] = []
        try store.changes(after: after, limit: limit) { change in
            switch change {
            case .putCollection(let collection): changes.append("put \(collection.id)")
            case .removedCollection(_, let number): changes.append("removed collection \(number)")
            case .putItem(let sequence, _, let body): changes.append("put \(sequence) \(Array(body.frame))")
            case .removedItem(_, _, let removed): changes.append("removed \(removed)")
            }
        }
        return changes
    }
    #expect(try feed(after: 0, limit: .max) == expected)
    #expect(try feed(after: 0, limit: 2) == Array(expected.prefix(2)))
    #expect(try feed(after: 0, limit: 0) == [])
    #expect(try feed(after: first, limit: 1) == ["removed \(first)"])
    #expect(try feed(after: second, limit: 100) == Array(expected.suffix(2)))
    #expect(try feed(after: third, limit: 100) == Array(expected.suffix(1)))
    #expect(try feed(after: fourth, limit: 100) == [])
    try store.purge(through: third)
    #expect(try feed(after: 0, limit: .max) == expected.filter { !$0.hasSuffix("]") })
}

/// A follower that takes more than one change at a time does not see an Item vanish while it is being replaced.
private func expectReplacementInOnePiece(_ store: some ItemStore) throws {
    let number = try store.write { try $0.putCollection(id: "a", body: []).number }
    var current = try store.insert("i", [1], in: number)
    for version in 1..<2000 {
        let replaced = current
        if version % 3 == 0 { _ = try store.insert("other-\(version)", [0], in: number) }
        current = try store.write { try $0.replace(replaced, "i", NewBody([1, UInt8(version & 255)]), in: number) }
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
}

// MARK: - Helpers

/// What a caller's closure throws.
private struct Abandoned: Error {}

@discardableResult
private func expect(
    _ code: CatalogueError.Code, location: SourceLocation = #_sourceLocation, _ body: () throws -> some Any
) -> CatalogueError? {
    let error = #expect(throws: CatalogueError.self, sourceLocation: location) { _ = try body() }
    #expect(error?.code == code, sourceLocation: location)
    return error
}

private func bytes(of number: Int) -> [UInt8] {
    Array(repeating: UInt8(number & 255), count: number % 1500)
}

extension NewBody {
    package init(_ frame: [UInt8]) { self.init(frame: frame, dictionary: 0, linksOffset: 7) }
}

extension ItemStore {
    /// Writes an Item in a transaction of its own.
    package func insert(_ id: String, _ frame: [UInt8], in collection: CollectionNumber) throws -> SequenceNumber {
        try write { try $0.insert(id, NewBody(frame), in: collection) }
    }

    /// The bodies that are there, by their place in `sequences`.
    package func bodies(_ sequences: [SequenceNumber]) throws -> [Int: [UInt8]] {
        var bodies: [Int: [UInt8]] = [:]
        try withBodies(sequences) { bodies[$0] = Array($1.frame) }
        return bodies
    }
}
