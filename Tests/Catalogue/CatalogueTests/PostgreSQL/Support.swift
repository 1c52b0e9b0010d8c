import Catalogue
import DatabaseTestKit
import Foundation
import SQLDatabase
import Synchronization
import TestKit
import Testing

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

/// Points that threads pass and wait for.
final class Gate: Sendable {
    enum Point: Hashable { case begun, released }

    private let passed = Mutex<Set<Point>>([])

    func pass(_ point: Point) { passed.withLock { _ = $0.insert(point) } }
    func hasPassed(_ point: Point) -> Bool { passed.withLock { $0.contains(point) } }
    func wait(for point: Point) throws { try blockUntil("The gate stays closed") { hasPassed(point) } }
}
