import NIOPosix
import Synchronization

/// Threads for calls that block, so that neither event loops nor Swift's own threads ever do.
public final class BlockingPool: Sendable {
    private let threads: NIOThreadPool
    private let deadlines: Deadlines
    private let waiting = Atomic<Int>(0)
    private let maximumWaitingCount: Int

    /// Starts the threads. `shutDown` must be called in the end.
    public init(threadCount: Int, maximumWaitingCount: Int, deadlines: Deadlines) {
        threads = NIOThreadPool(numberOfThreads: max(1, threadCount))
        threads.start()
        self.maximumWaitingCount = maximumWaitingCount
        self.deadlines = deadlines
    }

    /// Runs `work` on one of the threads.
    ///
    /// - Throws: `Problem` when too many calls wait or this one is overdue, which then, if it has begun, goes on to its
    ///   end unheard; else what `work` throws.
    public func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        guard waiting.wrappingAdd(1, ordering: .relaxed).newValue <= maximumWaitingCount else {
            waiting.wrappingSubtract(1, ordering: .relaxed)
            throw Problem.overloaded
        }
        return try await withCheckedThrowingContinuation { continuation in
            let call = Call(continuation)
            let ticket = deadlines.watch { call.finish(.failure(Problem.timedOut)) }
            threads.submit { state in
                self.waiting.wrappingSubtract(1, ordering: .relaxed)
                defer { self.deadlines.release(ticket) }
                guard case .active = state else { return call.finish(.failure(Problem.overloaded)) }
                // Nobody waits for a call that was overdue before its turn came.
                guard call.isAwaited else { return }
                call.finish(Swift.Result { try work() })
            }
        }
    }

    var waitingCount: Int { waiting.load(ordering: .relaxed) }

    /// Waits for the calls that run and ends the threads.
    public func shutDown() async {
        try? await threads.shutdownGracefully()
    }
}

/// Answers once, to whom comes first: the work's end or its deadline.
private final class Call<Value: Sendable>: Sendable {
    private let continuation: Mutex<CheckedContinuation<Value, any Error>?>

    init(_ continuation: CheckedContinuation<Value, any Error>) {
        self.continuation = Mutex(continuation)
    }

    var isAwaited: Bool { continuation.withLock { $0 != nil } }

    func finish(_ result: Result<Value, any Error>) {
        continuation.withLock { $0.take() }?.resume(with: result)
    }
}
