import Catalogue
import TestKit
import Testing

extension ItemStoreBehaviour {
    static let maintenance = [
        Self("counts Items by Collection") { factory in
            let store = try factory.open()
            let (b, a) = (try store.putCollection("b"), try store.putCollection("a"))
            let first = try store.insert("i", [1], in: b)
            _ = try store.insert("j", [1], in: b)
            let second = try store.write { try $0.replace(first, "i", NewBody([2]), in: b) }
            #expect(
                try store.statistics()
                    == StoreStatistics(
                        collections: [
                            .init(id: "a", number: a, itemCount: 0), .init(id: "b", number: b, itemCount: 2),
                        ], lastSequence: second, purgedSequence: 0))
            let removal = try store.write { try $0.removeCollection(b) }
            try store.purge(through: removal)
            let statistics = try store.statistics()
            #expect(statistics.collections.map(\.id) == ["a"])
            #expect(statistics.lastSequence == removal)
            #expect(statistics.purgedSequence > first && statistics.purgedSequence <= removal)
        },
        Self("says how many bytes it takes") { factory in
            let store = try factory.open()
            let number = try store.putCollection("a")
            let before = try store.byteCount()
            #expect(before > 0)
            var generator = SeededGenerator(seed: 1)
            try store.write { transaction in
                for index in 0..<1000 {
                    let frame = (0..<1000).map { _ in UInt8.random(in: 0...255, using: &generator) }
                    _ = try transaction.insert("\(index)", NewBody(frame), in: number)
                }
            }
            #expect(try store.byteCount() >= before + 500_000)
        },
    ]

    /// Of stores that copy themselves.
    public static let backups = [
        Self("copies itself into a directory") { factory in
            let store = try factory.open()
            let number = try store.putCollection("a", [1])
            for index in 0..<100 { _ = try store.insert("item-\(index)", [UInt8(index)], in: number) }
            let content = try Follower(following: store)
            let directory = try factory.makeDirectory()
            try store.backup(toDirectory: directory)
            let late = try store.insert("late", [1], in: number)

            let copy = try factory.openBackup(inDirectory: directory)
            #expect(try copy.identifier() != store.identifier(), "It may go its own way")
            #expect(try copy.integrityCheck() == [])
            #expect(try Follower(following: copy) == content)
            #expect(try copy.insert("its own", [2], in: number) > content.position)
            #expect(try store.sequence(of: "its own", in: number) == nil)
            #expect(try store.lastSequence() == late)
        },
        Self("copies itself in place of an earlier copy") { factory in
            let store = try factory.open()
            let number = try store.putCollection("a")
            let directory = try factory.makeDirectory()
            try store.backup(toDirectory: directory)
            let item = try store.insert("i", [1], in: number)
            try store.backup(toDirectory: directory)
            #expect(try factory.openBackup(inDirectory: directory).lastSequence() == item)
            expect(.storeFailed) { try store.backup(toDirectory: directory + "/nowhere") }
        },
        Self("copies itself as it is at one moment while others write") { factory in
            let (store, writer) = (try factory.open(), try factory.open())
            let number = try store.putCollection("a")
            let directory = try factory.makeDirectory()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { for index in 0..<100 { _ = try writer.insert("\(index)", [1], in: number) } }
                group.addTask { try store.backup(toDirectory: directory) }
                try await group.waitForAll()
            }
            let copy = try factory.openBackup(inDirectory: directory)
            #expect(try copy.integrityCheck() == [])
            let count = try copy.itemKeys(in: number).count
            #expect(try Int(copy.lastSequence()) == count + 1)
        },
    ]
}
