import Foundation
public import Logging
import SearchIndex
public import ServiceLifecycle

/// Keeps an index up to date while a server runs: follows what other processes write, writes to disk what is in
/// memory only, merges, and forgets old versions.
public struct CatalogueKeeper: Service {
    private let engine: CatalogueEngine
    private let logger: Logger
    private let pace: Duration
    private let roundsBeforePurge: Int
    /// A step that has failed is left out for so many rounds.
    private static let roundsOfRest = 50
    /// Merging takes its time, and would keep a thread from all the tasks of the process.
    private let queue = DispatchQueue(label: "terrabyte.catalogue.keeper", qos: .utility)

    public init(engine: CatalogueEngine, logger: Logger) {
        self.init(engine: engine, logger: logger, pace: .milliseconds(100), roundsBeforePurge: 600)
    }

    /// - Parameters:
    ///   - pace: How often it looks at what others have written.
    ///   - roundsBeforePurge: Versions that have been replaced stay readable for about so long, for searches under way.
    init(engine: CatalogueEngine, logger: Logger, pace: Duration, roundsBeforePurge: Int) {
        self.engine = engine
        self.logger = logger
        self.pace = pace
        self.roundsBeforePurge = roundsBeforePurge
    }

    public func run() async throws {
        let upkeep = Upkeep(engine: engine, logger: logger)
        await cancelWhenGracefulShutdown {
            var round = 0
            while !Task.isCancelled {
                round += 1
                let isLarge = round % roundsBeforePurge == 0
                await onQueue { [round] in upkeep.run(round, isLarge: isLarge) }
                try? await Task.sleep(for: pace)
            }
        }
        // No merging any more: whoever stops a server wants it to stop.
        await onQueue { upkeep.finish() }
    }

    private func onQueue(_ body: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            queue.async {
                body()
                continuation.resume()
            }
        }
    }

    /// The rounds of upkeep.
    ///
    /// `@unchecked Sendable`: used on the keeper's queue only.
    private final class Upkeep: @unchecked Sendable {
        private enum Step: String { case follow, tidy, purge, train }

        private let engine: CatalogueEngine
        private let logger: Logger
        private var round = 0
        private var resting: [Step: Int] = [:]
        private var purgeable: SequenceNumber = 0

        init(engine: CatalogueEngine, logger: Logger) {
            self.engine = engine
            self.logger = logger
        }

        func run(_ round: Int, isLarge: Bool) {
            self.round = round
            attempt(.follow) { try engine.catchUp() }
            if isLarge {
                if purgeable > 0 { attempt(.purge) { try engine.purge(through: purgeable) } }
                attempt(.train) { try engine.trainDictionaries() }
                purgeable = engine.index?.appliedSequence ?? 0
            }
            if isLarge || engine.index?.needsCheckpoint == true { attempt(.tidy) { try engine.tidy() } }
        }

        func finish() {
            resting = [:]
            attempt(.tidy) { try engine.checkpoint() }
        }

        /// A failure is logged and tried again in a later round: searches go on meanwhile.
        private func attempt(_ step: Step, _ body: () throws -> Void) {
            guard round >= resting[step] ?? 0 else { return }
            do {
                try withLogger(logger) { _ in try body() }
            } catch {
                resting[step] = round + CatalogueKeeper.roundsOfRest
                logger.error(
                    "Catalogue upkeep failed", metadata: ["catalogue.step": "\(step)", "error": "\(error)"])
            }
        }
    }
}
