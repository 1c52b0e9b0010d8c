import Catalogue
import CatalogueTestKit
import Foundation
import TestKit
import Testing

@testable import CatalogueSQLite

@Suite("SQLite store of processes that are killed") struct SQLiteCrashTests {
    @Test("has every acknowledged write, once", arguments: [1, 2])
    func survivesKill(writerCount: Int) throws {
        let folder = try TemporaryDirectory()
        let path = folder.path("a.db")
        var expected: [String: [String: SequenceNumber]] = [:]
        var generator = SeededGenerator(seed: writerCount)
        for round in 0..<TestRounds.count(6) {
            let writers = try (0..<writerCount).map { try Writer(path, collection: "c\($0)", prefix: "r\(round)") }
            // Each has begun; then they get a random time for being anywhere in their work.
            for writer in writers { try writer.waitForFirstLine() }
            KilledProcess.letWork(microseconds: 1000...150_000, using: &generator)
            for writer in writers { writer.kill() }
            for writer in writers { try writer.acknowledged(&expected[writer.collection, default: [:]]) }

            let store = try SQLiteItemStore(path: path)
            #expect(try store.integrityCheck() == [])
            for (id, items) in expected {
                let number = try #require(try store.collection(id: id)).number
                for (item, sequence) in items {
                    // What was not acknowledged may have happened nevertheless, as the last transaction.
                    let found = try store.sequence(of: item, in: number)
                    if found != sequence { #expect(try lastTransaction(of: store, touched: item, sequence)) }
                }
            }
            // What really is there is what the next round builds on.
            for id in expected.keys { expected[id] = try current(in: store, expected[id]!, collection: id) }
        }
    }

    /// Whether the version is gone because of a change that came after everything acknowledged.
    private func lastTransaction(
        of store: SQLiteItemStore, touched id: String, _ sequence: SequenceNumber
    ) throws -> Bool {
        let bodies = try store.bodies([sequence])
        var removals = 0
        try store.changes(after: sequence, limit: .max) { change in
            if case .removedItem(_, _, removed: sequence) = change { removals += 1 }
        }
        return removals == 1 && (bodies.isEmpty || bodies[0]!.starts(with: Array(id.utf8)))
    }

    private func current(
        in store: SQLiteItemStore, _ items: [String: SequenceNumber], collection: String
    ) throws -> [String: SequenceNumber] {
        let number = try store.collection(id: collection)!.number
        return try Dictionary(
            uniqueKeysWithValues: items.keys.compactMap { id in
                try store.sequence(of: id, in: number).map { (id, $0) }
            })
    }
}

/// A child process that writes to a store.
private final class Writer {
    let collection: String
    private let process: KilledProcess

    init(_ path: String, collection: String, prefix: String) throws {
        self.collection = collection
        process = try KilledProcess(
            "StoreCrashChild", [path, collection, prefix], report: "\(path).\(collection).\(prefix)")
    }

    func waitForFirstLine() throws { try process.waitForFirstLine() }

    func kill() { process.kill() }

    /// Applies the acknowledged transactions: those whose report has come in full.
    func acknowledged(_ items: inout [String: SequenceNumber]) throws {
        var transaction: [[Substring]] = []
        for line in try process.reported().split(separator: "\n") {
            guard line == "." else {
                transaction.append(line.split(separator: " "))
                continue
            }
            for words in transaction {
                items[String(words[1])] = words[0] == "removed" ? nil : SequenceNumber(words[2])
            }
            transaction = []
        }
    }
}
