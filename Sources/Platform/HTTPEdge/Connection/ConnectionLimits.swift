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
/// own files. Connections whose clients are not in the middle of anything make room for new ones; where there are none,
/// others are refused with 503 while there is still one to say so.
final class ConnectionLimits: Sendable {
    /// Descriptors that are left to files which are opened while the server runs.
    private static let reservedForFiles = 12
    /// Connections beyond the limit that are told so at once; still more are closed without a word.
    private static let mostRefusedAtOnce = 8
    /// Connections that the system hands over at once.
    private static let mostAcceptedAtOnce = 4

    enum Admission {
        /// `close` is to be called at its end.
        case served(Connection)
        case refused(Problem)
        case silent
    }

    /// A connection that is served.
    final class Connection: Sendable {
        fileprivate let client: String?
        /// When it began to wait for a request, as `NIODeadline`; `.max`: it is not waiting.
        fileprivate let waitingSince = Atomic(NIODeadline.now().uptimeNanoseconds)
        fileprivate let giveUp: @Sendable () -> Void

        fileprivate init(_ client: String?, _ giveUp: @escaping @Sendable () -> Void) {
            self.client = client
            self.giveUp = giveUp
        }

        func isServing() { waitingSince.store(.max, ordering: .relaxed) }
        func isWaiting(since now: NIODeadline) { waitingSince.store(now.uptimeNanoseconds, ordering: .relaxed) }
    }

    private struct State {
        var limit: Int
        var accepted = 0
        var served: [ObjectIdentifier: Connection] = [:]
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

    /// - Parameters:
    ///   - client: `nil`: not counted together with others.
    ///   - giveUp: Asked to close the connection while it waits for a request, since there are too many.
    func open(_ client: String?, logger: Logger, giveUp: @escaping @Sendable () -> Void) -> Admission {
        let connection = Connection(client, giveUp)
        let (admission, given, isLogged) = state.withLock { state -> (Admission, Connection?, Bool) in
            let isFull = state.served.count >= state.limit
            let isFullOfOne = client.flatMap { state.byClient[$0] } ?? 0 >= limitPerClient
            let given = isFull || isFullOfOne ? longestWaiting(isFullOfOne ? client : nil, &state) : nil
            if given != nil || !(isFull || isFullOfOne) {
                state.served[ObjectIdentifier(connection)] = connection
                if let client { state.byClient[client, default: 0] += 1 }
                return (.served(connection), given, false)
            }
            state.refusals += 1
            // Once a minute: a flood of connections is not to be one of lines, too.
            let isLogged = state.loggedAt.map { ContinuousClock.now - $0 > .seconds(60) } ?? true
            if isLogged { state.loggedAt = .now }
            if state.accepted - state.served.count > Self.mostRefusedAtOnce { return (.silent, nil, isLogged) }
            return (.refused(isFull ? .tooManyConnections : .tooManyConnectionsOfOne), nil, isLogged)
        }
        given?.giveUp()
        if isLogged {
            logger.warning(
                "Connections are refused",
                metadata: [
                    "client.address": "\(client ?? "")", "limit": .stringConvertible(limit),
                    "limit.client": .stringConvertible(limitPerClient),
                ])
        }
        return admission
    }

    /// Takes the connection that has waited longest for a request off the count.
    ///
    /// - Parameter client: Whose; `nil`: any.
    private func longestWaiting(_ client: String?, _ state: inout State) -> Connection? {
        var found: (connection: Connection, since: UInt64)?
        for connection in state.served.values where client == nil || connection.client == client {
            let since = connection.waitingSince.load(ordering: .relaxed)
            if since < found?.since ?? .max { found = (connection, since) }
        }
        guard let connection = found?.connection else { return nil }
        remove(connection, &state)
        return connection
    }

    private func remove(_ connection: Connection, _ state: inout State) {
        guard state.served.removeValue(forKey: ObjectIdentifier(connection)) != nil, let client = connection.client,
            let count = state.byClient[client]
        else { return }
        state.byClient[client] = count > 1 ? count - 1 : nil
    }

    func close(_ connection: Connection) {
        state.withLock { remove(connection, &$0) }
    }

    var limit: Int { state.withLock { $0.limit } }
    var servedCount: Int { state.withLock { $0.served.count } }
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
