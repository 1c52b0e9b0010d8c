import Checksum

/// What the closure of `write` reads and writes with: all of it is stored, or nothing. Not valid after the closure.
public final class WriteTransaction: ReadTransaction {
    /// To be delivered by us, once they are committed.
    private(set) var notifications: [DatabaseNotification] = []
    private var savepointDepth = 0

    // MARK: Writing

    /// - Returns: The number of rows that were inserted, updated or deleted.
    /// - Throws: `DatabaseError`, of which also the transaction fails; `CancellationError`.
    @discardableResult
    public func execute(_ sql: String, _ values: (any DatabaseConvertible)?...) throws -> Int {
        try execute(sql, values: values.map { $0?.databaseValue ?? .null })
    }

    /// As above, with a list of values.
    @discardableResult
    public func execute(_ sql: String, values: [DatabaseValue]) throws -> Int {
        try run(sql, values) { _ in }
    }

    /// Runs a statement with each of the lists of values, without waiting for the server in between.
    ///
    /// - Returns: As `execute`, of all.
    @discardableResult
    public func execute(_ sql: String, batch: [[DatabaseValue]]) throws -> Int {
        try attempt {
            for values in batch { try values.check() }
            return batch.isEmpty ? 0 : try connection.run(sql, batch: batch)
        }
    }

    /// Runs statements one after the other, without waiting for the server in between.
    ///
    /// - Returns: As `execute`, of all.
    @discardableResult
    public func execute(_ statements: [(sql: String, values: [DatabaseValue])]) throws -> Int {
        try attempt {
            for statement in statements { try statement.values.check() }
            return statements.isEmpty ? 0 : try connection.run(statements)
        }
    }

    /// Inserts many rows as fast as the database can: with PostgreSQL by `COPY`. Rows that conflict are errors.
    ///
    /// - Parameters:
    ///   - columns: Of the types `BIGINT`, `DOUBLE PRECISION`, `TEXT`, `BOOLEAN`, `BYTEA` and `TIMESTAMPTZ`.
    ///   - rows: Read while they are sent.
    /// - Returns: The number of rows.
    @discardableResult
    public func copy(
        into table: String, _ columns: [String], rows: some Sequence<[DatabaseValue]>
    ) throws -> Int {
        var iterator = rows.makeIterator()
        return try attempt {
            for name in [table] + columns { try Identifier.check(name) }
            return try connection.copy(into: table, columns) {
                guard let row = iterator.next() else { return nil }
                guard row.count == columns.count else {
                    throw DatabaseError(
                        .misuse, "A row has \(row.count) values, and \(columns.count) columns are to be filled.")
                }
                try row.check()
                return row
            }
        }
    }

    /// From here on the closure does what must not be done twice: it is not run again, and each error is final.
    public func preventRepetition() { isRepeatable = false }

    /// Runs statements of which those that came before in the transaction are independent: when `body` throws, what it
    /// has written is undone, and the transaction may go on.
    public func savepoint<Result>(_ body: () throws -> Result) throws -> Result {
        savepointDepth += 1
        defer { savepointDepth -= 1 }
        let name = "savepoint_\(savepointDepth)"
        let notificationCount = notifications.count
        try execute("SAVEPOINT \(name)")
        do {
            let result = try body()
            if let failure { throw failure }
            try execute("RELEASE SAVEPOINT \(name)")
            return result
        } catch {
            // These concern the whole transaction.
            if let failure, !failure.isLocal { throw error }
            forgetFailure()
            notifications.removeSubrange(notificationCount...)
            try execute("ROLLBACK TO SAVEPOINT \(name)")
            try execute("RELEASE SAVEPOINT \(name)")
            throw error
        }
    }

    // MARK: Between nodes

    /// Waits until no other transaction has locked the name; the end of this one unlocks it.
    ///
    /// With PostgreSQL what others wrote before they unlocked is seen by statements that follow only if the transaction is
    /// `readCommitted`.
    public func lock(_ name: String) throws {
        // SQLite's writers have everything for themselves.
        guard databaseKind == .postgreSQL else { return }
        _ = try rows("SELECT pg_advisory_xact_lock(?) AS locked", Self.lockKey(name))
    }

    /// As `lock`, without waiting.
    ///
    /// - Returns: Whether it is locked for this transaction now.
    public func tryLock(_ name: String) throws -> Bool {
        guard databaseKind == .postgreSQL else { return true }
        return try value("SELECT pg_try_advisory_xact_lock(?) AS locked", Self.lockKey(name))
    }

    static func lockKey(_ name: String) -> Int64 {
        Int64(bitPattern: Array("terrabyte:\(name)".utf8).withUnsafeBytes { XXHash64.hash($0) })
    }

    /// Notifies those who listen to a channel, once this transaction is committed.
    ///
    /// A hint that may be lost: it is not delivered to who is not connected, and with SQLite only within the process. What
    /// must not be missed is in a table that is looked at now and then. Commits that notify wait for each other.
    ///
    /// - Parameters:
    ///   - channel: Lower-case letters, digits and `_`.
    ///   - payload: At most 7,999 bytes.
    public func notify(_ channel: String, _ payload: String = "") throws {
        try attempt {
            try Identifier.check(channel)
            guard payload.utf8.count <= DatabaseLimits.payloadByteCount else {
                throw DatabaseError(
                    .tooLarge,
                    "The payload of a notification has \(payload.utf8.count) bytes; the limit is "
                        + "\(DatabaseLimits.payloadByteCount). Store it, and notify with its key.")
            }
        }
        switch databaseKind {
        case .sqlite: notifications.append(DatabaseNotification(channel: channel, payload: payload))
        case .postgreSQL: _ = try rows("SELECT pg_notify(?, ?) AS notified", channel, payload)
        }
    }
}

/// Names that need no quotes in either database.
enum Identifier {
    static func check(_ name: String) throws(DatabaseError) {
        let isPlain = name.utf8.allSatisfy { byte in
            byte &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "_")
        }
        guard isPlain, let first = name.utf8.first, first &- UInt8(ascii: "0") >= 10, name.utf8.count <= 63 else {
            throw DatabaseError(
                .misuse,
                "'\(name)' is no name of a table, column or channel: lower-case letters, digits and '_', at most 63.")
        }
    }
}

extension Error {
    /// Whether the rollback to a savepoint remedies it.
    fileprivate var isLocal: Bool {
        guard let error = self as? DatabaseError else { return !(self is CancellationError) }
        switch error.kind {
        case .timeout, .connectionLost, .serializationFailure, .deadlock, .busy, .cancelled, .diskFull, .damaged,
            .unavailable:
            return false
        default: return error.remedy == .none
        }
    }
}
