/// A queue of jobs that wait for a thread. Clients take turns, and none has more than its share of threads, so that no
/// client waits for all requests of another.
struct FairQueue<Job> {
    private struct Client {
        var waiting: [Job] = []
        /// Index in `waiting` of the next job; earlier ones have been taken.
        var first = 0
        var runningCount = 0

        var waitingCount: Int { waiting.count - first }

        mutating func take() -> Job {
            let job = waiting[first]
            first += 1
            if first > 64, first * 2 > waiting.count {
                waiting.removeFirst(first)
                first = 0
            }
            return job
        }
    }

    private var clients: [String: Client] = [:]
    /// Clients with waiting jobs, in the order of their turns.
    private var turns: [String] = []
    private(set) var waitingCount = 0

    func waitingCount(of client: String) -> Int { clients[client]?.waitingCount ?? 0 }

    mutating func append(_ job: Job, of client: String) {
        if waitingCount(of: client) == 0 { turns.append(client) }
        clients[client, default: Client()].waiting.append(job)
        waitingCount += 1
    }

    /// - Parameter mostAtOnce: Jobs of one client that may run at once.
    /// - Returns: `nil` when no waiting job may run. Call `end(_:)` after the job.
    mutating func next(mostAtOnce: Int) -> (client: String, job: Job)? {
        guard let turn = turns.firstIndex(where: { clients[$0]?.runningCount ?? 0 < mostAtOnce }) else { return nil }
        let name = turns.remove(at: turn)
        guard var client = clients.removeValue(forKey: name) else { return nil }
        let job = client.take()
        client.runningCount += 1
        if client.waitingCount > 0 { turns.append(name) }
        clients[name] = client
        waitingCount -= 1
        return (name, job)
    }

    mutating func end(_ name: String) {
        clients[name]?.runningCount -= 1
        if let client = clients[name], client.runningCount == 0, client.waitingCount == 0 { clients[name] = nil }
    }
}
