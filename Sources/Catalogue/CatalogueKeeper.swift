public import Logging
import SearchIndex
public import ServiceLifecycle

/// Keeps an index up to date while a server runs: follows what other processes write, writes to disk what is in
/// memory only, merges, and forgets old versions.
public struct CatalogueKeeper: Service {
    private let engine: CatalogueEngine
    private let logger: Logger
    /// How often it looks at what others have written.
    private static let pace = Duration.milliseconds(100)
    /// Versions that have been replaced stay readable for about so long, for searches under way.
    private static let roundsBeforePurge = 600

    public init(engine: CatalogueEngine, logger: Logger) {
        self.engine = engine
        self.logger = logger
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            var round = 0
            var purgeable: SequenceNumber = 0
            while !Task.isCancelled {
                attempt("follow") { try engine.catchUp() }
                if engine.index?.needsCheckpoint == true { attempt("tidy") { try engine.tidy() } }
                round += 1
                if round % Self.roundsBeforePurge == 0 {
                    attempt("purge") { try engine.purge(through: purgeable) }
                    attempt("train") { try engine.trainDictionaries() }
                    purgeable = engine.index?.appliedSequence ?? 0
                    attempt("tidy") { try engine.tidy() }
                }
                try? await Task.sleep(for: Self.pace)
            }
        }
        attempt("tidy") { try engine.tidy() }
    }

    /// A failure is logged and tried again in a later round: searches go on meanwhile.
    private func attempt(_ what: String, _ body: () throws -> Void) {
        do {
            try body()
        } catch {
            logger.error("Catalogue upkeep failed", metadata: ["catalogue.step": "\(what)", "error": "\(error)"])
        }
    }
}
