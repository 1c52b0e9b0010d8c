import Catalogue
import DatabaseTestKit
import Foundation
import SQLDatabase

@testable import CataloguePostgreSQL

extension PostgreSQLItemStore {
    convenience init(_ url: String, mode: Mode = .create, patience: Duration = .seconds(30)) throws {
        try self.init(DatabaseConfiguration(try DatabaseLocation(url)), mode: mode, patience: patience)
    }
}

/// Runs what blocks on a thread of its own: tasks have few.
func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Swift.Result(catching: body)) }
    }
}
