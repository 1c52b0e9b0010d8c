/// The steps in which a service's tables came to be what they are.
///
/// Steps that were released are never changed: what is different is a step at the end.
public struct Migrations: Sendable {
    public struct Step: Sendable {
        /// For people.
        public let name: String
        /// Statements, separated by semicolons.
        public let sql: String

        public init(_ name: String, _ sql: String) {
            self.name = name
            self.sql = sql
        }
    }

    /// Of the service; with it begin the names of its tables.
    public let service: String
    public let steps: [Step]

    /// - Parameters:
    ///   - service: Lower-case letters, digits and `_`.
    ///   - steps: In the order in which they are applied.
    public init(_ service: String, _ steps: [Step]) {
        self.service = service
        self.steps = steps
    }
}

/// Decides what is to be done with a database, from the steps that it has.
struct MigrationPlan {
    struct AppliedStep: Hashable {
        /// From 1.
        let number: Int
        let name: String
        let checksum: String
    }

    /// Steps to apply, with their numbers and checksums.
    let pending: [(number: Int, step: Migrations.Step, checksum: String)]

    /// - Throws: `schemaMismatch` for a database that is newer than the program, or was made by other steps.
    init(_ migrations: Migrations, applied: [AppliedStep]) throws(DatabaseError) {
        try Identifier.check(migrations.service)
        let service = migrations.service
        for step in applied {
            guard step.number >= 1, step.number <= migrations.steps.count else {
                throw DatabaseError(
                    .schemaMismatch,
                    "The database has step \(step.number), '\(step.name)', of the service '\(service)', and this program "
                        + "knows \(migrations.steps.count): run the newer version of the program that made it.")
            }
            let known = migrations.steps[step.number - 1]
            let checksum = try SQLText.checksum(of: known.sql)
            guard checksum == step.checksum else {
                throw DatabaseError(
                    .schemaMismatch,
                    "Step \(step.number) of the service '\(service)' is '\(known.name)' with checksum \(checksum) in this "
                        + "program, and '\(step.name)' with checksum \(step.checksum) in the database: steps that were "
                        + "applied must not change; add a step.")
            }
        }
        let numbers = Set(applied.map(\.number))
        var pending: [(Int, Migrations.Step, String)] = []
        for (index, step) in migrations.steps.enumerated() where !numbers.contains(index + 1) {
            // A gap means that somebody has edited the table.
            guard index >= applied.count else {
                throw DatabaseError(
                    .schemaMismatch,
                    "The database has later steps of the service '\(service)', and not step \(index + 1), '\(step.name)'."
                )
            }
            pending.append((index + 1, step, try SQLText.checksum(of: step.sql)))
        }
        self.pending = pending
    }
}
