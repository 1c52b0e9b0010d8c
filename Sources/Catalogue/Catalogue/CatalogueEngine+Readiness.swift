import SearchIndex
import Synchronization

/// Whether requests can be responded to. To ask does not wait for the store, which may be away for some seconds, or for what
/// is being followed.
extension CatalogueEngine {
    /// Searches of a server that is ready may be so far behind the store.
    package static let defaultReadyLag = Duration.seconds(30)

    /// For how long, at least, searches do not see what was stored.
    package func searchLag(at now: ContinuousClock.Instant = .now) -> Duration { lag.withLock { $0.duration(at: now) } }

    /// Whether the store responds, as far as following knows.
    package var storeResponds: Bool { lag.withLock { $0.storeResponds() } }

    /// Why searches do not see all that is stored, as a sentence's part; `nil` when they do, or soon will.
    ///
    /// - Parameter limit: The longest lag that is none.
    package func searchDelay(
        atMost limit: Duration = defaultReadyLag, at now: ContinuousClock.Instant = .now
    ) -> String? {
        guard let index else { return "the catalogue cannot be read" }
        let lag = lag.withLock { $0 }
        let failure = followingFailure.withLock { $0 }
        let unseen = lag.newest - index.appliedSequence
        let newest = unseen == 1 ? "the newest change" : "the newest \(unseen) changes"
        if unseen > 0 {
            if let failure { return "searches do not see \(newest): \(failure)" }
            if !ownsIndex, unseen > followedInMemory {
                return "searches do not see \(newest), which another process is writing"
            }
        }
        guard lag.seesAllAsOf != nil else { return "searches do not see yet what was stored at the start" }
        let duration = lag.duration(at: now)
        guard duration > limit else { return nil }
        let seconds = "searches may not see what was written in the last \(duration.components.seconds) seconds"
        if let failure { return "\(seconds): \(failure)" }
        return unseen > 0 ? "\(seconds): \(newest) are being read" : seconds
    }

    /// Why Collections cannot be read, as of the last `checkCollections`.
    package func collectionFailure() -> String? { readFailure.withLock { $0 } }

    /// Reads the Collections, as each request does. A store that does not respond is known from following.
    package func checkCollections() {
        let failure: String?
        do {
            _ = try collections()
            failure = nil
        } catch let error as CatalogueError where error.code == .storeBusy {
            return
        } catch {
            failure = "the store of the catalogue cannot be read"
        }
        readFailure.withLock { $0 = failure }
    }

    /// What this process reports as a node: see `NodeState`.
    ///
    /// - Parameter host: Name of the machine.
    package func nodeState(
        id: String, name: String, host: String, services: [String], version: String, isReady: Bool
    ) -> NodeState {
        NodeState(
            id: id, name: name, home: home(on: host), services: services, version: version,
            appliedSequence: index?.appliedSequence ?? 0, lag: searchLag(), isReady: isReady)
    }

    /// The directory as a node names it.
    package func home(on host: String) -> String { "\(host):\(directory)" }
}
