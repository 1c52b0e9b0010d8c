internal import CGEOSInterruption

/// Ends work on geometries that nobody waits for any more.
public enum Interruption {
    private final class Question {
        let isInterrupted: () -> Bool

        init(_ isInterrupted: @escaping () -> Bool) {
            self.isInterrupted = isInterrupted
        }
    }

    /// Runs `body`; once `isInterrupted` is true, work on geometries in it, on this thread, ends early with wrong
    /// results. The caller checks the same condition before it uses them.
    ///
    /// - Parameter isInterrupted: Called often; once true, it stays so.
    public static func when<Result>(
        _ isInterrupted: @escaping () -> Bool, endIn body: () throws -> Result
    ) rethrows -> Result {
        let question = Question(isInterrupted)
        return try withExtendedLifetime(question) {
            let context = Unmanaged.passUnretained(question).toOpaque()
            let outer = geos_interruption_exchange(
                geos_interruption(
                    is_interrupted: { context in
                        guard let context else { return false }
                        return Unmanaged<Question>.fromOpaque(context).takeUnretainedValue().isInterrupted()
                    }, context: context))
            defer { _ = geos_interruption_exchange(outer) }
            return try body()
        }
    }

    /// Whether the work on this thread is no longer wanted.
    public static var isRequested: Bool {
        let current = geos_interruption_current()
        return current.is_interrupted?(current.context) ?? false
    }
}
