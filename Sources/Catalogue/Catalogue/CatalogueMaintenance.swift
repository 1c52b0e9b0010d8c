public import Logging
import SearchIndex
public import ServiceLifecycle
import Synchronization

/// Runs `body` if it is this node's turn to do what one node at a time does for all.
///
/// - Parameters:
///   - interval: From the end of the last turn, on whichever node, to the next one.
///   - body: Gets a function that returns whether the turn is over before its end.
public typealias UpkeepTurn =
    @Sendable (
        _ interval: Duration, _ body: @escaping @Sendable (_ isOver: @escaping @Sendable () -> Bool) async -> Void
    ) async -> Void

/// Keeps an index up to date while a server runs: follows the writes of other processes; in parallel, writes
/// checkpoints, merges, and purges old versions.
public struct CatalogueMaintenance: Service {
    private let engine: CatalogueEngine
    private let logger: Logger
    private let pace: Duration
    private let roundsBeforePurge: Int
    private let warmUpByteCount: Int
    private let turn: UpkeepTurn

    /// It is always the turn of the only node.
    public static let everyTurn: UpkeepTurn = { _, body in await body { false } }

    /// - Parameters:
    ///   - warmUpByteCount: Number of bytes of the index's files that are read into the page cache; 0: no warm-up.
    ///   - turn: Decides which node takes care of the store, which they share.
    public init(
        engine: CatalogueEngine, logger: Logger, warmUpByteCount: Int = 0, turn: @escaping UpkeepTurn = everyTurn
    ) {
        self.init(
            engine: engine, logger: logger, pace: .milliseconds(100), roundsBeforePurge: 600,
            warmUpByteCount: warmUpByteCount, turn: turn)
    }

    /// - Parameters:
    ///   - pace: Interval between checks for other processes' writes.
    ///   - roundsBeforePurge: Number of rounds for which replaced versions stay readable, for searches in progress.
    init(
        engine: CatalogueEngine, logger: Logger, pace: Duration, roundsBeforePurge: Int, warmUpByteCount: Int = 0,
        turn: @escaping UpkeepTurn = everyTurn
    ) {
        self.engine = engine
        self.logger = logger
        self.pace = pace
        self.roundsBeforePurge = roundsBeforePurge
        self.warmUpByteCount = warmUpByteCount
        self.turn = turn
    }

    public func run() async throws {
        // A long purge or merge must not delay the publication of other processes' writes.
        let following = MaintenanceThread("following", logger: logger)
        let upkeep = MaintenanceThread("upkeep", logger: logger)
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await repeatedly { _ in
                        await following.attempt("own the index") { _ in _ = try engine.takeOverIndex() }
                        await following.attempt("follow") { _ in try engine.catchUp() }
                        if engine.needsRepair {
                            await following.attempt("repair the index") { _ in try engine.repairIndex() }
                        }
                    }
                }
                group.addTask { await keepUp(on: upkeep) }
            }
        }
        // No merging any more: a stopping server should stop quickly.
        await upkeep.finally("checkpoint") { try engine.checkpoint() }
    }

    private func keepUp(on thread: MaintenanceThread) async {
        await warmUp(on: thread)
        let purgeable = Mutex<SequenceNumber>(0)
        await repeatedly { round in
            let isLarge = round % roundsBeforePurge == 0
            if isLarge, !engine.isReadOnly {
                await takeCareOfStore(through: purgeable.withLock { $0 }, on: thread)
                await thread.attempt("see what can be purged") { _ in
                    let next = try engine.purgeableSequence()
                    purgeable.withLock { $0 = next }
                }
            }
            guard isLarge || engine.index?.needsCheckpoint == true else { return }
            await thread.attempt("compact") { isStopping in
                try engine.checkpoint()
                while !isStopping(), try engine.mergeOnce() {}
            }
            // Files that replaced others are as hot as these were.
            await warmUp(on: thread)
        }
    }

    /// Half of the usual time must have passed since any node did it, so that nodes whose rounds differ leave out no turn.
    private func takeCareOfStore(through sequence: SequenceNumber, on thread: MaintenanceThread) async {
        await turn(pace * roundsBeforePurge / 2) { isOver in
            if sequence > 0 { await thread.attempt("purge") { _ in try engine.purge(through: sequence) } }
            guard !isOver() else { return }
            await thread.attempt("train") { _ in try engine.trainDictionaries() }
        }
    }

    private func warmUp(on thread: MaintenanceThread) async {
        guard warmUpByteCount > 0 else { return }
        await thread.attempt("warm up") { isStopping in
            try engine.warmUp(byteCount: warmUpByteCount, isStopping: isStopping)
        }
    }

    private func repeatedly(_ round: (Int) async -> Void) async {
        var number = 0
        while !Task.isCancelled {
            number += 1
            await round(number)
            try? await Task.sleep(for: pace)
        }
    }
}
