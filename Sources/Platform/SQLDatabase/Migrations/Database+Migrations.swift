import Logging

extension Database {
    static let migrationsTable = "database_migrations"

    /// Brings a service's tables up to date. Safe on many nodes at once: one of them does the work, the others wait.
    ///
    /// All pending steps are one transaction, under a lock that ends with it, so that nothing is left by a node that dies,
    /// or in a pooler. A table's lock that is not to be had in three seconds is given up and tried again, since everybody
    /// who wants the table would queue up behind.
    ///
    /// - Parameter timeout: For all of it.
    /// - Returns: The number of steps that this call has applied.
    /// - Throws: `schemaMismatch`, `timeout`, and errors of the steps, each with its name.
    @discardableResult
    public func migrate(_ migrations: Migrations, timeout: Duration = .seconds(300)) async throws -> Int {
        let deadline = ContinuousClock.now + timeout
        while true {
            do {
                if try await read({ try Self.plan(migrations, $0).pending.isEmpty }) { return 0 }
                let remaining = max(.milliseconds(1), ContinuousClock.now.duration(to: deadline))
                let count = try await write(.readCommitted, timeout: remaining) { try Self.apply(migrations, $0) }
                logApplied(count, migrations)
                return count
            } catch let error as DatabaseError where error.code == "55P03" && ContinuousClock.now < deadline {
                logInUse(migrations)
                try await Task.sleep(for: Duration.milliseconds(500).jittered)
            }
        }
    }

    /// As above, on the calling thread, which blocks.
    @discardableResult
    public func migrate(_ migrations: Migrations, timeout: Duration = .seconds(300)) throws -> Int {
        let deadline = ContinuousClock.now + timeout
        while true {
            do {
                if try pendingStepCount(of: migrations) == 0 { return 0 }
                let remaining = max(.milliseconds(1), ContinuousClock.now.duration(to: deadline))
                let count = try write(.readCommitted, timeout: remaining) { try Self.apply(migrations, $0) }
                logApplied(count, migrations)
                return count
            } catch let error as DatabaseError where error.code == "55P03" && ContinuousClock.now < deadline {
                logInUse(migrations)
                blockThread(for: .milliseconds(500).jittered)
            }
        }
    }

    /// The number of steps that `migrate` would apply. Blocks the calling thread.
    ///
    /// - Throws: `schemaMismatch`.
    public func pendingStepCount(of migrations: Migrations) throws -> Int {
        try read { try Self.plan(migrations, $0).pending.count }
    }

    private func logApplied(_ count: Int, _ migrations: Migrations) {
        logger.info(
            "Tables were brought up to date",
            metadata: ["database.service": "\(migrations.service)", "database.steps": "\(count)"])
    }

    private func logInUse(_ migrations: Migrations) {
        logger.notice(
            "A table that is to be changed is in use; trying again",
            metadata: ["database.service": "\(migrations.service)"])
    }

    private static func plan(_ migrations: Migrations, _ transaction: ReadTransaction) throws -> MigrationPlan {
        try MigrationPlan(migrations, applied: applied(transaction, migrations))
    }

    private static func applied(
        _ transaction: ReadTransaction, _ migrations: Migrations
    ) throws -> [MigrationPlan.AppliedStep] {
        let exists: Bool =
            switch transaction.databaseKind {
            case .sqlite:
                try transaction.value("SELECT count(*) FROM sqlite_schema WHERE name = ?", migrationsTable)
            case .postgreSQL: try transaction.value("SELECT to_regclass(?) IS NOT NULL AS found", migrationsTable)
            }
        guard exists else { return [] }
        return try transaction.rows(
            "SELECT step, name, checksum FROM \(migrationsTable) WHERE service = ? ORDER BY step", migrations.service
        ).map { try MigrationPlan.AppliedStep(number: $0["step"], name: $0["name"], checksum: $0["checksum"]) }
    }

    private static func apply(_ migrations: Migrations, _ transaction: WriteTransaction) throws -> Int {
        try transaction.lock("migrations")
        if transaction.databaseKind == .postgreSQL { try transaction.execute("SET LOCAL lock_timeout = 3000") }
        try transaction.execute(
            """
            CREATE TABLE IF NOT EXISTS \(migrationsTable) (
                service TEXT NOT NULL, step BIGINT NOT NULL, name TEXT NOT NULL, checksum TEXT NOT NULL,
                applied_at TIMESTAMPTZ NOT NULL, PRIMARY KEY (service, step))
            """)
        let plan = try plan(migrations, transaction)
        for (number, step, checksum) in plan.pending {
            do {
                for statement in try SQLText.sources(of: step.sql) { try transaction.execute(statement) }
            } catch let error as DatabaseError {
                var named = DatabaseError(
                    error.kind,
                    "Step \(number), '\(step.name)', of the service '\(migrations.service)' cannot be applied: \(error.message)",
                    detail: error.detail)
                (named.code, named.remedy) = (error.code, error.remedy)
                throw named
            }
            try transaction.execute(
                "INSERT INTO \(migrationsTable) (service, step, name, checksum, applied_at) VALUES (?, ?, ?, ?, ?)",
                migrations.service, number, step.name, checksum, transaction.currentTime())
        }
        return plan.pending.count
    }
}
