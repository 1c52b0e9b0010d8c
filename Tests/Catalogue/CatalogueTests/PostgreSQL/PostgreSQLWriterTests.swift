import Catalogue
import CatalogueTestKit
import DatabaseTestKit
import Logging
import SQLDatabase
import Synchronization
import TestKit
import Testing

@testable import CataloguePostgreSQL

/// Followers see every change once, in its order, whatever happens to those who write.
@Suite("PostgreSQL store whose writers overlap and fail", .enabled(if: PostgreSQLServer.isInstalled))
struct PostgreSQLWriterTests {
    @Test("numbers what is committed late behind what was committed before")
    func commitsInTurn() async throws {
        try await withPostgreSQL { server, name in
            let url = server.url(name)
            let (slow, quick) = (try PostgreSQLItemStore(url), try PostgreSQLItemStore(url))
            let number = try slow.write { try $0.putCollection(id: "a", body: []).number }
            var follower = try Follower(following: quick)
            let gate = Gate()
            async let first = onThread {
                try slow.write { transaction in
                    let sequence = try transaction.insert("slow", NewBody([1]), in: number)
                    gate.pass(.begun)
                    try gate.wait(for: .released)
                    return sequence
                }
            }
            try await waitUntil("The first writer does not begin") { gate.hasPassed(.begun) }
            async let second = onThread { try quick.insert("quick", [2], in: number) }
            try await waitUntil("The second writer does not wait") {
                try server.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = '\(name)' AND wait_event_type = 'Lock'")
                    == "1"
            }
            // Nobody sees anything of either.
            #expect(try follower.follow(quick, limit: .max) == 0)
            #expect(try quick.lastSequence() == follower.position)
            gate.pass(.released)
            let (early, late) = (try await first, try await second)
            #expect(late == early + 1)
            #expect(try follower.follow(quick, limit: .max) == 2)
            #expect(follower.items == [early: [1], late: [2]])
        }
    }

    @Test("finds keys by their index in a Collection that statistics do not know")
    func newCollection() async throws {
        try await withPostgreSQL { server, name in
            let store = try PostgreSQLItemStore(server.url(name))
            let numbers = try ["old", "new"].map { id in
                try store.write { try $0.putCollection(id: id, body: []).number }
            }
            try store.write { transaction in
                for index in 0..<2_000 { _ = try transaction.insert("\(index)", NewBody([1]), in: numbers[0]) }
            }
            try server.execute("ANALYZE catalogue_item_versions", in: name)
            _ = try store.insert("0", [1], in: numbers[1])
            let database = Database(DatabaseConfiguration(try DatabaseLocation(server.url(name))), logger: .current)
            defer { database.close() }
            let plan = try database.rows(
                "EXPLAIN \(PostgreSQLTransaction.keysQuery(reading: true))",
                values: [.array(["0", "1"]), .integer(numbers[1])]
            ).map { $0.text(0) }
            let conditions = plan.filter { $0.contains("Index Cond: ") }
            #expect(conditions.count == 1 && conditions[0].contains("id = "), "\(plan.joined(separator: "\n"))")
        }
    }

    @Test("does not hold up followers while somebody is idle in a transaction")
    func ignoresIdleTransactions() async throws {
        try await withPostgreSQL { server, name in
            let store = try PostgreSQLItemStore(server.url(name))
            let number = try store.write { try $0.putCollection(id: "a", body: []).number }
            try server.execute("CREATE TABLE other (x INT)", in: name)
            let idle = Database(
                DatabaseConfiguration(try DatabaseLocation(server.url(name))), logger: .init(label: "tests"))
            defer { idle.close() }
            let gate = Gate()
            async let other: Void = onThread {
                try idle.write(.readCommitted) { transaction in
                    try transaction.execute("INSERT INTO other (x) VALUES (1)")
                    gate.pass(.begun)
                    try gate.wait(for: .released)
                }
            }
            try await waitUntil("The transaction does not begin") { gate.hasPassed(.begun) }
            var follower = Follower()
            for index in 0..<10 {
                let sequence = try store.insert("item-\(index)", [1], in: number)
                try follower.follow(store, limit: .max)
                #expect(follower.position == sequence)
            }
            gate.pass(.released)
            try await other
        }
    }

    @Test("says that it is busy when a writer does not come to its end, and goes on afterwards")
    func reportsBusyWriters() async throws {
        try await withPostgreSQL { server, name in
            let url = server.url(name)
            let store = try PostgreSQLItemStore(url, patience: .milliseconds(50))
            let number = try store.write { try $0.putCollection(id: "a", body: []).number }
            let hanging = try PostgreSQLItemStore(url)
            let gate = Gate()
            let other = Task {
                try await onThread {
                    try hanging.write { transaction in
                        _ = try transaction.insert("i", NewBody([1]), in: number)
                        gate.pass(.begun)
                        try gate.wait(for: .released)
                        throw Abandonment()
                    }
                }
            }
            try await waitUntil("The writer does not begin") { gate.hasPassed(.begun) }
            let error = #expect(throws: CatalogueError.self) { try store.insert("j", [2], in: number) }
            #expect(error?.code == .storeBusy)
            gate.pass(.released)
            await #expect(throws: Abandonment.self) { try await other.value }
            // The number of what was rolled back is given to another change, which is the only one that anybody saw.
            let last = try store.lastSequence()
            #expect(try store.insert("j", [2], in: number) == last + 1)
            #expect(try Follower(following: store).items == [last + 1: [2]])
        }
    }

    @Test("leaves nothing of a large transaction that was rolled back")
    func rollsBack() async throws {
        try await withPostgreSQL { server, name in
            let store = try PostgreSQLItemStore(server.url(name))
            let number = try store.write { try $0.putCollection(id: "a", body: []).number }
            #expect(throws: Abandonment.self) {
                try store.write { transaction in
                    for index in 0..<20_000 {
                        _ = try transaction.insert("item-\(index)", NewBody([1, 2, 3]), in: number)
                    }
                    throw Abandonment()
                }
            }
            let sequence = try store.insert("item-1", [9], in: number)
            #expect(sequence == 2)
            #expect(try Follower(following: store).items == [2: [9]])
            #expect(try store.integrityCheck() == [])
        }
    }

    /// What happens to a server while it is written to.
    enum Fault: CaseIterable, CustomTestStringConvertible {
        case connectionsCut, crash

        var testDescription: String { self == .crash ? "a crash of the server" : "the loss of all connections" }
    }

    @Test("shows followers each acknowledged change once, through", arguments: Fault.allCases)
    func survives(_ fault: Fault) async throws {
        try await withPostgreSQL { server, name in
            let url = server.url(name)
            let number = try PostgreSQLItemStore(url).write { try $0.putCollection(id: "a", body: []).number }
            let state = Progress()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<3 {
                    group.addTask {
                        try await onThread {
                            let store = try PostgreSQLItemStore(url)
                            while !state.isOver { try state.write(to: store, number, writer: writer) }
                        }
                    }
                }
                group.addTask {
                    try await onThread {
                        let store = try PostgreSQLItemStore(url)
                        while !state.isOver { try state.follow(store) }
                    }
                }
                for round in 1...TestRounds.count(3) {
                    try await waitUntil("Nothing is written") { state.acknowledgedCount >= round * 60 }
                    switch fault {
                    case .connectionsCut: try server.cutConnections(to: name)
                    case .crash: try server.crashAndRestart()
                    }
                }
                let count = state.acknowledgedCount
                try await waitUntil("Nothing is written any more") { state.acknowledgedCount > count + 20 }
                state.end()
                try await group.waitForAll()
            }
            let store = try PostgreSQLItemStore(url)
            try state.follow(store)
            #expect(try state.follower == Follower(following: store))
            #expect(state.missedCount == 0)
            let acknowledged = state.acknowledged
            for (id, sequence) in acknowledged { #expect(try store.sequence(of: id, in: number) == sequence) }
            let items = try Follower(following: store).items
            #expect(items.count >= acknowledged.count)
            #expect(Set(items.values).count == items.count, "An Item was written twice")
            #expect(try store.lastSequence() == items.count + 1, "A number was left out")
            #expect(try store.integrityCheck() == [])
        }
    }

    @Test("ends a transaction whose connection is cut, and runs its closure once")
    func endsCutTransactions() async throws {
        try await withPostgreSQL { server, name in
            let store = try PostgreSQLItemStore(server.url(name))
            let number = try store.write { try $0.putCollection(id: "a", body: []).number }
            var runs = 0
            let error = #expect(throws: CatalogueError.self) {
                try store.write { transaction in
                    runs += 1
                    _ = try transaction.insert("i", NewBody([1]), in: number)
                    try server.cutConnections(to: name)
                }
            }
            #expect(error?.code == .storeBusy && runs == 1)
            #expect(try store.insert("i", [2], in: number) == 2)
            #expect(try Follower(following: store).items == [2: [2]])
        }
    }
}

private struct Abandonment: Error {}

/// What writers have been told is stored.
private final class Progress: Sendable {
    private struct State {
        var acknowledged: [String: SequenceNumber] = [:]
        var lastSerial = 0
        var isOver = false
        var follower = Follower()
        var missedCount = 0
    }

    private let state = Mutex(State())

    var acknowledged: [String: SequenceNumber] { state.withLock { $0.acknowledged } }
    var acknowledgedCount: Int { state.withLock { $0.acknowledged.count } }
    var isOver: Bool { state.withLock { $0.isOver } }
    func end() { state.withLock { $0.isOver = true } }

    var follower: Follower { state.withLock { $0.follower } }
    /// Changes that were there before the follower looked, and that it did not see.
    var missedCount: Int { state.withLock { $0.missedCount } }

    func follow(_ store: PostgreSQLItemStore) throws {
        var follower = follower
        do {
            let last = try store.lastSequence()
            try follower.follow(store, limit: .max)
            let isBehind = follower.position < last
            state.withLock { state in
                state.follower = follower
                if isBehind { state.missedCount += 1 }
            }
        } catch let error as CatalogueError where error.code == .storeBusy {}
    }

    /// Writes one to some Items in a transaction; whether those are stored whose end is unknown does not matter.
    func write(to store: PostgreSQLItemStore, _ number: CollectionNumber, writer: Int) throws {
        let first = state.withLock { state in
            state.lastSerial += 5
            return state.lastSerial
        }
        let ids = (first..<first + Int.random(in: 1...5)).map { "\(writer)-\($0)" }
        do {
            let written = try store.write { transaction in
                try ids.map { ($0, try transaction.insert($0, NewBody(Array($0.utf8)), in: number)) }
            }
            state.withLock { state in for (id, sequence) in written { state.acknowledged[id] = sequence } }
        } catch let error as CatalogueError where error.code == .storeBusy {}
    }
}
