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

        /// One client leaves threads for the others, and large responses leave some for small ones.
        fileprivate var share: FairQueue<Job>.Share {
            .init(ofOne: max(1, threadCount / 2), large: max(1, threadCount / 2), largeOfOne: max(1, threadCount / 4))
        }
    }

    private let threads: NIOThreadPool
    private let deadlines: Deadlines
    fileprivate struct Job: Sendable {
        let run: @Sendable () -> Void
        let reject: @Sendable () -> Void
    }

    private let queue = Mutex(FairQueue<Job>())
    private let limits: Limits
    /// What has been computed and not been sent yet; `nil`: not counted.
    private let unsent: UnsentBytes?

    /// Starts the threads. `shutDown` must be called in the end.
    ///
    /// - Parameter unsent: While a client has no room there, its calls wait.
    init(_ limits: Limits, deadlines: Deadlines, unsent: UnsentBytes? = nil) {
        threads = NIOThreadPool(numberOfThreads: max(1, limits.threadCount))
        threads.start()
        self.limits = limits
        self.deadlines = deadlines
        self.unsent = unsent
        for ledger in [unsent?.large, unsent?.small] { ledger?.whenReleased { [weak self] in self?.wake() } }
    }

    /// Runs `work` on one of the threads.
    ///
    /// - Parameters:
    ///   - client: The sender of the request.
    ///   - isLarge: Whether the result may take much memory until it has been sent.
    ///   - isContinued: Whether the result belongs to a response that has begun, and so cannot be refused any more. There
    ///     are no more such calls than connections.
    ///   - timeout: Deadline of the result, from now.
    ///   - cancellation: Cancelled when nothing waits for the result any more.
    /// - Throws: `Problem` when too many calls wait, this one is overdue or its client has gone; if it has begun then,
    ///   it runs until it checks `cancellation` and its result is dropped. Errors of `work` otherwise.
    public func run<Result: Sendable>(
        for client: EdgeClient = .server, isLarge: Bool = false, isContinued: Bool = false, timeout: Duration,
        cancellation: Cancellation = Cancellation(),
        _ work: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let call = Call(continuation, cancellation, work)
            let turn = FairQueue<Job>.Turn(client: client.name, isLarge: isLarge)
            let ticket = deadlines.watch(timeout) {
                call.abandon(self.mayRun(turn) ? Problem.timedOut : Problem.responsesUnread)
            }
            let departure = client.presence?.whenGone { call.abandon(Problem.clientGone) }
            let finish: @Sendable (Swift.Result<Result, any Error>) -> Void = { result in
                self.deadlines.release(ticket)
                if let departure { client.presence?.release(departure) }
                call.finish(result)
            }
            let job = Job(
                run: {
                    // The call was overdue before its turn came.
                    guard let work = call.work else { return finish(.failure(CancellationError())) }
                    finish(Swift.Result { try work() })
                },
                reject: { finish(.failure(Problem.overloaded)) })
            if let problem = enqueue(job, of: turn, isContinued) { finish(.failure(problem)) }
        }
    }

    /// - Returns: `nil`, or the reason for which the job is rejected.
    private func enqueue(_ job: Job, of turn: FairQueue<Job>.Turn, _ isContinued: Bool) -> Problem? {
        let problem: Problem? = queue.withLock { queue in
            guard isContinued || queue.waitingCount < limits.waitingCount else { return .overloaded }
            guard isContinued || queue.waitingCount(of: turn.client) < limits.waitingCountOfOne else {
                return .tooManyAtOnce
            }
            queue.append(job, of: turn)
            return nil
        }
        guard problem == nil else { return problem }
        submit()
        return nil
    }

    private func submit() {
        threads.submit { state in
            if case .active = state {
                self.workOff(self.limits.share, mayRun: self.mayRun) { $0.run() }
            } else {
                self.workOff(.init(ofOne: .max), mayRun: { _ in true }) { $0.reject() }
            }
        }
    }

    private func mayRun(_ turn: FairQueue<Job>.Turn) -> Bool {
        unsent?[isLarge: turn.isLarge].hasRoom(for: turn.client) ?? true
    }

    /// Starts what waited for unsent bytes.
    private func wake() {
        if waitingCount > 0 { submit() }
    }

    /// A job that may not run yet is started by the thread whose job blocks it, at its end.
    private func workOff(
        _ share: FairQueue<Job>.Share, mayRun: @Sendable (FairQueue<Job>.Turn) -> Bool, _ body: (Job) -> Void
    ) {
        while let (turn, job) = queue.withLock({ $0.next(share, mayRun: mayRun) }) {
            body(job)
            queue.withLock { $0.end(turn) }
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
    /// Given up at the completion: the job of a call that is overdue stays in the queue, and with it a request's body would.
    private struct Awaited {
        let continuation: CheckedContinuation<Value, any Error>
        let work: @Sendable () throws -> Value
    }

    private let cancellation: Cancellation
    private let awaited: Mutex<Awaited?>

    init(
        _ continuation: CheckedContinuation<Value, any Error>, _ cancellation: Cancellation,
        _ work: @escaping @Sendable () throws -> Value
    ) {
        self.cancellation = cancellation
        awaited = Mutex(Awaited(continuation: continuation, work: work))
    }

    /// `nil` once the call is complete.
    var work: (@Sendable () throws -> Value)? { awaited.withLock { $0?.work } }

    func finish(_ result: Result<Value, any Error>) {
        awaited.withLock { $0.take() }?.continuation.resume(with: result)
    }

    func abandon(_ problem: Problem) {
        cancellation.cancel()
        finish(.failure(problem))
    }
}
