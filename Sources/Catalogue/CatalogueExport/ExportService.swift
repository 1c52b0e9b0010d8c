public import DatabaseHosting
import Dispatch
public import Logging
import SQLDatabase
public import ServiceLifecycle
import Synchronization

/// Exports a catalogue periodically while a server runs; to each directory on one node at a time.
public struct ExportService: Service {
    private let export: CatalogueExport
    private let interval: Duration
    private let leases: WorkLeases
    private let logger: Logger
    private let isStopping = StopSign()

    /// - Parameters:
    ///   - interval: Between the end of an export and the beginning of the next one, on whichever node.
    ///   - leases: Decide which node exports.
    public init(export: CatalogueExport, interval: Duration, leases: WorkLeases, logger: Logger) {
        self.export = export
        self.interval = interval
        self.leases = leases
        self.logger = logger
    }

    public func run() async throws {
        await withTaskCancellationOrGracefulShutdownHandler {
            while !Task.isCancelled, !isStopping.isSet {
                let pause = await takeTurn()
                try? await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }
            }
        } onCancelOrGracefulShutdown: {
            isStopping.set()
        }
    }

    /// Exports unless another node does, or has done so not long ago.
    ///
    /// - Returns: How long to wait before the next attempt.
    private func takeTurn() async -> Duration {
        do {
            let name = "export:\(try export.absoluteDirectory())"
            switch try await leases.withLease(name, every: interval, { try await exportOnce($0) }) {
            case .done: return interval
            // Also if the other node dies meanwhile.
            case .held(let remaining), .notDue(let remaining): return max(remaining, Self.shortestPause)
            }
        } catch is CancellationError {
            // Of this server's stop, or of a lease that was lost, which has been logged. The next export, on whichever node,
            // continues from the finished files.
            return Self.shortestPause
        } catch let error as LeaseLost {
            logger.warning("An export was ended", metadata: ["error": "\(error)"])
            return Self.shortestPause
        } catch let error as DatabaseError {
            logger.error("The lease of the export cannot be taken", metadata: ["error": "\(error)"])
            return min(interval, Self.patience)
        } catch {
            logger.error("The export failed", metadata: ["error": "\(error)"])
            return interval
        }
    }

    private static let shortestPause = Duration.milliseconds(100)
    /// Between attempts while the database is away.
    private static let patience = Duration.seconds(5)

    /// On a thread of its own, since it blocks.
    private func exportOnce(_ keeper: LeaseKeeper) async throws {
        var export = export
        export.options.isCancelled = { keeper.isCancelled }
        export.options.willPublish = { try keeper.check() }
        let (start, finalExport) = (ContinuousClock.now, export)
        let report = try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "terrabyte.export", qos: .utility).async {
                continuation.resume(with: Result { try finalExport.run() })
            }
        }
        log(report, seconds: (ContinuousClock.now - start) / .seconds(1))
    }

    private func log(_ report: ExportReport, seconds: Double) {
        for fault in report.faults {
            logger.error("The export lacks what is damaged", metadata: ["catalogue.fault": "\(fault)"])
        }
        for entry in report.collections where entry.leftOutItemCount > 0 {
            logger.warning(
                "Items that are not I-JSON are left out of the export",
                metadata: ["stac.collection": "\(entry.id)", "export.left_out": "\(entry.leftOutItemCount)"])
        }
        let written = report.collections.reduce(0) { $0 + $1.writtenItemCount }
        logger.info(
            "Exported",
            metadata: [
                "export.items": "\(written)", "catalogue.sequence": "\(report.sequence)",
                "export.seconds": "\(seconds)",
            ])
    }
}

private final class StopSign: Sendable {
    private let flag = Atomic(false)
    var isSet: Bool { flag.load(ordering: .relaxed) }
    func set() { flag.store(true, ordering: .relaxed) }
}
