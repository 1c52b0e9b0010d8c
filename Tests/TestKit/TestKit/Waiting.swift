import Foundation
package import Testing

/// Far off: on few cores other suites hold the threads that tasks run on.
package let farDeadline = Duration.seconds(300)

/// Looking again and again instead of yielding, which would take the processor from what is waited for.
private let pace = Duration.milliseconds(2)

/// Waits for what says nothing when it happens, such as the work of another process.
///
/// - Parameter failure: What the test says when `condition` does not hold before the deadline.
package func waitUntil(
    _ failure: Comment, within deadline: Duration = farDeadline, isolation: isolated (any Actor)? = #isolation,
    sourceLocation: SourceLocation = #_sourceLocation, _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + deadline
    while try await !condition() {
        try #require(ContinuousClock.now < end, failure, sourceLocation: sourceLocation)
        try await Task.sleep(for: pace)
    }
}

/// Waits as ``waitUntil(_:within:isolation:sourceLocation:_:)`` does, where nothing is asynchronous.
package func blockUntil(
    _ failure: Comment, within deadline: Duration = farDeadline, sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () throws -> Bool
) throws {
    let end = ContinuousClock.now + deadline
    while try !condition() {
        try #require(ContinuousClock.now < end, failure, sourceLocation: sourceLocation)
        usleep(2000)
    }
}
