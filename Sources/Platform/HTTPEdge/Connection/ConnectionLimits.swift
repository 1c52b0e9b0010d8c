import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// How many connections there may be: as configured, and no more than there are file descriptors for beside the catalogue's
/// own files. Others are refused with 503 while there is still one to say so.
final class ConnectionLimits: Sendable {
    /// Descriptors that are left to files which are opened while the server runs.
    private static let reservedForFiles = 12
    /// Connections beyond the limit that are told so at once; still more are closed without a word.
    private static let mostRefusedAtOnce = 8
    /// Connections that the system hands over at once.
    private static let mostAcceptedAtOnce = 4

    enum Refusal {
        case problem(Problem)
        case silent
    }

    private struct State {
        var limit: Int
        var accepted = 0
        var served = 0
        var byClient: [String: Int] = [:]
        var refusals = 0
        var loggedAt: ContinuousClock.Instant?
    }

    private let limitPerClient: Int
    private let state: Mutex<State>

    init(limit: Int, perClient: Int) {
        limitPerClient = max(1, perClient)
        state = Mutex(State(limit: max(1, limit)))
    }

    /// Lowers the limit to what the process may open. To be called when all that opens files has been started.
    func adapt(toDescriptors limit: Int, open: Int) {
        let most = limit - open - Self.reservedForFiles - Self.mostRefusedAtOnce - Self.mostAcceptedAtOnce
        state.withLock { $0.limit = max(1, min($0.limit, most)) }
    }

    /// - Parameter client: `nil`: not counted together with others.
    /// - Returns: `nil`: the connection is to be served, and `close` called at its end.
    func open(_ client: String?, logger: Logger) -> Refusal? {
        let (problem, isLogged, refusal) = state.withLock { state -> (Problem?, Bool, Refusal?) in
            let isFull = state.served >= state.limit
            let ofClient = client.flatMap { state.byClient[$0] } ?? 0
            if !isFull, ofClient < limitPerClient {
                state.served += 1
                if let client { state.byClient[client] = ofClient + 1 }
                return (nil, false, nil)
            }
            state.refusals += 1
            // Once a minute: a flood of connections is not to be one of lines, too.
            let isLogged = state.loggedAt.map { ContinuousClock.now - $0 > .seconds(60) } ?? true
            if isLogged { state.loggedAt = .now }
            let problem = isFull ? Problem.tooManyConnections : .tooManyConnectionsOfOne
            let isSilent = state.accepted - state.served > Self.mostRefusedAtOnce
            return (problem, isLogged, isSilent ? .silent : .problem(problem))
        }
        if isLogged, let problem {
            logger.warning(
                "Connections are refused",
                metadata: [
                    "problem.code": "\(problem.code)", "client.address": "\(client ?? "")",
                    "limit": .stringConvertible(limit), "limit.client": .stringConvertible(limitPerClient),
                ])
        }
        return refusal
    }

    func close(_ client: String?) {
        state.withLock { state in
            state.served -= 1
            guard let client, let count = state.byClient[client] else { return }
            state.byClient[client] = count > 1 ? count - 1 : nil
        }
    }

    var limit: Int { state.withLock { $0.limit } }
    var servedCount: Int { state.withLock { $0.served } }
    var refusalCount: Int { state.withLock { $0.refusals } }

    fileprivate func accepted(_ change: Int) { state.withLock { $0.accepted += change } }
    fileprivate var mayAccept: Bool { state.withLock { $0.accepted < $0.limit + Self.mostRefusedAtOnce } }
}

/// Stops accepting connections while even those that are refused would take the last descriptors.
struct ConnectionGate: AvailableConnectionsDelegate {
    let limits: ConnectionLimits

    func connectionOpened() { limits.accepted(1) }
    func connectionClosed() { limits.accepted(-1) }
    func isAcceptingNewConnections() -> Bool { limits.mayAccept }
}

extension Problem {
    fileprivate static let tooManyConnections = Problem(
        .serviceUnavailable, "TooManyConnections",
        "The server has as many connections as it can have; try again later.",
        headers: [.retryAfter: "2"])

    fileprivate static let tooManyConnectionsOfOne = Problem(
        .serviceUnavailable, "TooManyConnections",
        "Your address has as many connections to this server as it may have; close some, or use them for several requests.",
        headers: [.retryAfter: "2"])
}

/// Descriptors of the process: how many it may have and has open; `nil` where that is not known.
func descriptorUsage() -> (limit: Int, open: Int)? {
    var limits = rlimit()
    guard getrlimit(descriptorResource, &limits) == 0, let open = openDescriptorCount() else { return nil }
    return (Int(clamping: limits.rlim_cur), open)
}

/// Lets the process open as many files and connections as the system grants it: few systems do by default.
public func raiseDescriptorLimit() {
    var limits = rlimit()
    guard getrlimit(descriptorResource, &limits) == 0 else { return }
    limits.rlim_cur = max(limits.rlim_cur, min(limits.rlim_max, 65_536))
    _ = setrlimit(descriptorResource, &limits)
}

#if canImport(Glibc)
    private let descriptorResource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
#else
    private let descriptorResource = RLIMIT_NOFILE
#endif

/// - Returns: `nil` where there is no `/proc`.
func openDescriptorCount() -> Int? {
    guard let directory = opendir("/proc/self/fd") else { return nil }
    var count = 0
    while readdir(directory) != nil { count += 1 }
    closedir(directory)
    // Not itself, nor the two names of directories.
    return count - 3
}
