import Catalogue
import Testing

extension ItemStoreBehaviour {
    static let items = [
        Self("gives Items ascending sequences, and finds them by id") { factory in
            let store = try factory.open()
            let number = try store.putCollection("a")
            let sequences = try store.insertNumbered(3000, in: number)
            #expect(zip(sequences, sequences.dropFirst()).allSatisfy { $0 < $1 })
            #expect(try store.lastSequence() == sequences.last)
            #expect(try store.sequence(of: "item-1234", in: number) == sequences[1234])
            #expect(try store.sequence(of: "item-3000", in: number) == nil)
            #expect(try store.sequence(of: "item-1234", in: number + 1) == nil)
        },
        Self("reads bodies in the order asked for, with repetitions, without those that are not there") { factory in
            let store = try factory.open()
            let sequences = try store.insertNumbered(3000, in: store.putCollection("a"))
            let asked = [sequences[2999], 1 << 40, sequences[0], sequences[2999], -1] + sequences
            var found: [Int] = []
            try store.withBodies(asked) { index, body in
                found.append(index)
                let expected = index < 4 ? (index == 2 ? 0 : 2999) : index - 5
                #expect(body.frame.elementsEqual(bytes(of: expected)))
                #expect(body.linksOffset == 7 && body.dictionary == 0)
            }
            #expect(found == [0, 2, 3] + Array(5..<3005))
        },
        Self("adds up the sizes of the current Items of a Collection, or of some of them") { factory in
            let store = try factory.open()
            let (number, other) = (try store.putCollection("a"), try store.putCollection("b"))
            #expect(try store.itemSizes(in: number, atMost: 10) == (0, 0))
            let first = try store.insert("x", [UInt8](repeating: 1, count: 100), in: number)
            _ = try store.insert("y", [UInt8](repeating: 1, count: 20_000), in: number)
            _ = try store.insert("z", [1, 2, 3], in: other)
            #expect(try store.itemSizes(in: number, atMost: 10) == (2, 20_100))
            #expect(try store.itemSizes(in: number, atMost: 1).items == 1)
            let body = NewBody(frame: [UInt8](repeating: 2, count: 7), dictionary: 0, linksOffset: 0)
            _ = try store.write { try $0.replace(first, "x", body, in: number) }
            #expect(try store.itemSizes(in: number, atMost: 10) == (2, 20_007))
            #expect(try store.snapshot().itemSizes(in: number, atMost: 10) == (2, 20_007))
            _ = try store.write { try $0.remove(store.sequence(of: "y", in: number) ?? 0, "y", in: number) }
            #expect(try store.itemSizes(in: number, atMost: 10) == (1, 7))
        },
        Self("lists a Collection's Items by id") { factory in
            let store = try factory.open()
            let (number, other) = (try store.putCollection("a"), try store.putCollection("b"))
            let sequences = try store.insertNumbered(2500, in: number)
            _ = try store.insert("item-1", [1], in: other)
            let replaced = try store.write { try $0.replace(sequences[7], "item-7", NewBody([1]), in: number) }
            _ = try store.write { try $0.remove(sequences[8], "item-8", in: number) }
            let expected = sequences.indices.filter { $0 != 8 }
                .map { ItemKey(id: "item-\($0)", sequence: $0 == 7 ? replaced : sequences[$0]) }
                .sorted { $0.id < $1.id }
            #expect(try store.itemKeys(in: number) == expected)
        },
        Self("goes on when a caller's closure throws") { factory in
            let store = try factory.open()
            let number = try store.putCollection("a")
            let sequences = try store.insertNumbered(100, in: number)
            #expect(throws: Abandoned.self) { try store.withBodies(sequences) { _, _ in throw Abandoned() } }
            #expect(throws: Abandoned.self) { try store.changes(after: 0, limit: 10) { _ in throw Abandoned() } }
            #expect(throws: Abandoned.self) { try store.forEachItem(in: number) { _, _ in throw Abandoned() } }
            #expect(try store.bodies([sequences[5]]) == [0: bytes(of: 5)])
            #expect(try store.insert("next", [1], in: number) > sequences[99])
        },
        Self("tells ids apart byte by byte") { factory in
            let store = try factory.open()
            let ids = [
                "'", "\"", "'; DROP TABLE item; --", "%", "_", "\\", " ", " leading", "trailing ", "a/b?c#d", "\n",
                "\u{1}", "\u{E9}", "e\u{301}", "S", "s", "ß", "日本", "🛰️", "\u{FEFF}", "\u{202E}x", "1", "1.0",
                "NULL", String(repeating: "x", count: 1024), String(repeating: "é", count: 512),
            ]
            for id in ids { try store.putCollection(id, Array(id.utf8)) }
            for id in ids { #expect(try store.collection(id: id)?.body == Array(id.utf8)) }
            let sorted = ids.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
            #expect(try store.collections().map { Array($0.id.utf8) } == sorted)

            let number = try store.putCollection("a")
            let sequences = try ids.map { try store.insert($0, Array($0.utf8), in: number) }
            for (id, sequence) in zip(ids, sequences) {
                #expect(try store.sequence(of: id, in: number) == sequence)
                #expect(try store.bodies([sequence]) == [0: Array(id.utf8)])
            }
            #expect(try store.itemKeys(in: number).map { Array($0.id.utf8) } == sorted)
        },
    ]
}

extension ItemStore {
    /// Writes `item-0`, `item-1` and so on in one transaction.
    fileprivate func insertNumbered(_ count: Int, in number: CollectionNumber) throws -> [SequenceNumber] {
        try write { transaction in
            try (0..<count).map { try transaction.insert("item-\($0)", NewBody(bytes(of: $0)), in: number) }
        }
    }
}

private func bytes(of number: Int) -> [UInt8] {
    Array(repeating: UInt8(number & 255), count: number % 1500)
}
