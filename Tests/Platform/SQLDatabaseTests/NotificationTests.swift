import DatabaseTestKit
import SQLDatabase
import TestKit
import Testing

@Suite("Notifications") struct NotificationTests {
    @Test("Who listens is notified after the commit, and not of what was undone", arguments: DatabaseKind.tested)
    func notifies(kind: DatabaseKind) async throws {
        struct Refused: Error {}
        try await withDatabase(kind) { database in
            var notifications = try database.listen(to: "jobs").makeAsyncIterator()
            #expect(await notifications.next() == DatabaseNotification(channel: "jobs", payload: nil))
            try? await database.write { transaction in
                try transaction.notify("jobs", "undone")
                throw Refused()
            }
            try await database.write { transaction in
                try transaction.notify("others", "elsewhere")
                try? transaction.savepoint {
                    try transaction.notify("jobs", "undone, too")
                    throw Refused()
                }
                try transaction.notify("jobs", "42")
            }
            #expect(await notifications.next() == DatabaseNotification(channel: "jobs", payload: "42"))
        }
    }

    @Test("Each listener is notified, whenever it has begun to listen", arguments: DatabaseKind.tested)
    func severalListeners(kind: DatabaseKind) async throws {
        try await withDatabase(kind) { database in
            var listeners: [AsyncStream<DatabaseNotification>.Iterator] = []
            for _ in 0..<3 {
                var listener = try database.listen(to: "jobs").makeAsyncIterator()
                #expect(await listener.next()?.payload == nil)
                listeners.append(listener)
            }
            try await database.write { try $0.notify("jobs", "now") }
            for index in listeners.indices {
                var found = await listeners[index].next()
                while found != nil, found?.payload == nil { found = await listeners[index].next() }
                #expect(found?.payload == "now")
            }
        }
    }

    @Test("A payload that is too large and a wrong channel are refused", arguments: DatabaseKind.tested)
    func refuses(kind: DatabaseKind) async throws {
        try await withDatabase(kind) { database in
            try await database.write { try $0.notify("jobs", String(repeating: "é", count: 3_999)) }
            let large = await #expect(throws: DatabaseError.self) {
                try await database.write { try $0.notify("jobs", String(repeating: "é", count: 4_000)) }
            }
            #expect(large?.kind == .tooLarge)
            let wrong = await #expect(throws: DatabaseError.self) {
                try await database.write { try $0.notify("Jobs\"; --") }
            }
            #expect(wrong?.kind == .misuse)
            #expect(throws: DatabaseError.self) { try database.listen(to: "a b") }
        }
    }

    @Test("Listening ends with the database", arguments: DatabaseKind.tested) func ends(kind: DatabaseKind) async throws
    {
        try await withDatabase(kind) { database in
            var notifications = try database.listen(to: "jobs").makeAsyncIterator()
            _ = await notifications.next()
            database.close()
            var last = await notifications.next()
            while last != nil { last = await notifications.next() }
        }
    }
}
