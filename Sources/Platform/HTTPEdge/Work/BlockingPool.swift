import NIOPosix
import Synchronization

/// Threads for calls that block, so that neither event loops nor Swift's own threads ever do. Clients take turns.
public final class BlockingPool: Sendable {
    struct Limits {
        var threadCount: Int
        /// Calls that may wait, of all clients.
        var waitingCount: Int
        /// Calls that may wait, of one client.
        var waitingCountOfOne: Int

        /// One client leaves threads for the others.
        var runningCountOfOne: Int { max(1, threadCount / 2) }
    }

    private let threads: NIOThreadPool
    private let deadlines: Deadlines
    private struct Job: Sendable {
        let run: @Sendable () -> Void
        let reject: @Sendable () -> Void
    }

    private let queue = Mutex(FairQueue<Job>())
    private let limits: Limits

    /// Starts the threads. `shutDown` must be called in the end.
    init(_ limits: Limits, deadlines: Deadlines) {
        threads = NIOThreadPool(numberOfThreads: max(1, limits.threadCount))
        threads.start()
        self.limits = limits
        self.deadlines = deadlines
    }

    /// Runs `work` on one of the threads.
    ///
    /// - Parameters:
    ///   - client: The sender of the request.
    ///   - timeout: Deadline of the result, from now.
    ///   - cancellation: Cancelled when nothing waits for the result any more.
    /// - Throws: `Problem` when too many calls wait, this one is overdue or its client has gone; if it has begun then,
    ///   it runs until it checks `cancellation` and its result is dropped. Errors of `work` otherwise.
    public func run<Result: Sendable>(
        for client: EdgeClient = .server, timeout: Duration, cancellation: Cancellation = Cancellation(),
        _ work: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let call = Call(continuation, cancellation)
            let ticket = deadlines.watch(timeout) { call.abandon(Problem.timedOut) }
            let departure = client.presence?.whenGone { call.abandon(Problem.clientGone) }
            let finish: @Sendable (Swift.Result<Result, any Error>) -> Void = { result in
                self.deadlines.release(ticket)
                if let departure { client.presence?.release(departure) }
                call.finish(result)
            }
            let job = Job(
                run: {
                    // The call was overdue before its turn came.
                    guard call.isAwaited else { return finish(.failure(CancellationError())) }
                    finish(Swift.Result { try work() })
                },
                reject: { finish(.failure(Problem.overloaded)) })
            if let problem = enqueue(job, of: client) { finish(.failure(problem)) }
        }
    }

    /// - Returns: `nil`, or the reason for which the job is rejected.
    private func enqueue(_ job: Job, of client: EdgeClient) -> Problem? {
        let problem: Problem? = queue.withLock { queue in
            guard queue.waitingCount < limits.waitingCount else { return .overloaded }
            guard queue.waitingCount(of: client.name) < limits.waitingCountOfOne else { return .tooManyAtOnce }
            queue.append(job, of: client.name)
            return nil
        }
        guard problem == nil else { return problem }
        threads.submit { state in
            if case .active = state {
                self.workOff(mostAtOnce: self.limits.runningCountOfOne) { $0.run() }
            } else {
                self.workOff(mostAtOnce: .max) { $0.reject() }
            }
        }
        return nil
    }

    /// A job that may not run yet is started by the thread whose job blocks it, at its end.
    private func workOff(mostAtOnce: Int, _ body: (Job) -> Void) {
        while let (client, job) = queue.withLock({ $0.next(mostAtOnce: mostAtOnce) }) {
            body(job)
            queue.withLock { $0.end(client) }
        }
    }

    var waitingCount: Int { queue.withLock { $0.waitingCount } }

    /// Waits for the calls that run and ends the threads.
    public func shutDown() async {
        try? await threads.shutdownGracefully()
    }
}

/// Completes once, by the work's end or its deadline, whichever is first.
private final class Call<Value: Sendable>: Sendable {
    private let cancellation: Cancellation
    private let continuation: Mutex<CheckedContinuation<Value, any Error>?>

    init(_ continuation: CheckedContinuation<Value, any Error>, _ cancellation: Cancellation) {
        self.cancellation = cancellation
        self.continuation = Mutex(continuation)
    }

    var isAwaited: Bool { continuation.withLock { $0 != nil } }

    func finish(_ result: Result<Value, any Error>) {
        continuation.withLock { $0.take() }?.resume(with: result)
    }

    func abandon(_ problem: Problem) {
        cancellation.cancel()
        finish(.failure(problem))
    }
}
