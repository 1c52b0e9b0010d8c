/// A queue of jobs that wait for a thread. Clients take turns, and none has more than its share of threads, so that no
/// client waits for all requests of another. A client's large jobs take turns with its others.
struct FairQueue<Job> {
    private struct Lane {
        /// A job that has been taken is given up at once: what it holds must not be released later, under a lock.
        var waiting: [Job?] = []
        /// Index in `waiting` of the next job; earlier ones have been taken.
        var first = 0

        var waitingCount: Int { waiting.count - first }

        mutating func take() -> Job? {
            guard first < waiting.count else { return nil }
            let job = waiting[first]
            waiting[first] = nil
            first += 1
            if first > 64, first * 2 > waiting.count {
                waiting.removeFirst(first)
                first = 0
            }
            return job
        }
    }

    private struct Client {
        var lanes = [Lane(), Lane()]
        var runningCount = 0
        var largeRunningCount = 0

        var waitingCount: Int { lanes[0].waitingCount + lanes[1].waitingCount }
    }

    struct Turn: Hashable {
        let client: String
        let isLarge: Bool
    }

    /// How many jobs may run at once.
    struct Share {
        /// Of one client.
        var ofOne: Int
        /// Large ones, of all clients and of one.
        var large = Int.max
        var largeOfOne = Int.max
    }

    private var clients: [String: Client] = [:]
    /// Those with waiting jobs, in the order of their turns.
    private var turns: [Turn] = []
    private(set) var waitingCount = 0
    private var largeRunningCount = 0

    func waitingCount(of client: String) -> Int { clients[client]?.waitingCount ?? 0 }

    mutating func append(_ job: Job, of turn: Turn) {
        let lane = turn.isLarge ? 1 : 0
        if clients[turn.client]?.lanes[lane].waitingCount ?? 0 == 0 { turns.append(turn) }
        clients[turn.client, default: Client()].lanes[lane].waiting.append(job)
        waitingCount += 1
    }

    /// - Parameter mayRun: Whether a job may run beside what else there is.
    /// - Returns: `nil` when no waiting job may run. Call `end(_:)` after the job.
    mutating func next(_ share: Share, mayRun: (Turn) -> Bool) -> (turn: Turn, job: Job)? {
        guard let index = turns.firstIndex(where: { isFree($0, share) && mayRun($0) }) else { return nil }
        let turn = turns.remove(at: index)
        guard var client = clients.removeValue(forKey: turn.client) else { return nil }
        let lane = turn.isLarge ? 1 : 0
        guard let job = client.lanes[lane].take() else { return nil }
        client.runningCount += 1
        if turn.isLarge {
            client.largeRunningCount += 1
            largeRunningCount += 1
        }
        if client.lanes[lane].waitingCount > 0 { turns.append(turn) }
        clients[turn.client] = client
        waitingCount -= 1
        return (turn, job)
    }

    private func isFree(_ turn: Turn, _ share: Share) -> Bool {
        let client = clients[turn.client]
        guard client?.runningCount ?? 0 < share.ofOne else { return false }
        return !turn.isLarge
            || (largeRunningCount < share.large && client?.largeRunningCount ?? 0 < share.largeOfOne)
    }

    mutating func end(_ turn: Turn) {
        clients[turn.client]?.runningCount -= 1
        if turn.isLarge {
            clients[turn.client]?.largeRunningCount -= 1
            largeRunningCount -= 1
        }
        if let client = clients[turn.client], client.runningCount == 0, client.waitingCount == 0 {
            clients[turn.client] = nil
        }
    }
}
