import Catalogue
import DatabaseTestKit
import Dispatch
import SQLDatabase

@testable import CataloguePostgreSQL

extension PostgreSQLItemStore {
    convenience init(_ url: String, mode: Mode = .create, patience: Duration = .seconds(30)) throws {
        try self.init(DatabaseConfiguration(try DatabaseLocation(url)), mode: mode, patience: patience)
    }
}

/// Runs what blocks on a thread that no task needs.
func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(with: Swift.Result(catching: body)) }
    }
}
