import Dispatch
public import Logging
public import ServiceLifecycle
import Synchronization

/// Exports a catalogue periodically while a server runs.
public struct ExportService: Service {
    private let export: CatalogueExport
    private let interval: Duration
    private let logger: Logger
    private let isStopping = StopSign()

    /// - Parameter interval: Between the end of an export and the beginning of the next one.
    public init(export: CatalogueExport, interval: Duration, logger: Logger) {
        var export = export
        let isStopping = isStopping
        export.options.isCancelled = { isStopping.isSet }
        self.export = export
        self.interval = interval
        self.logger = logger
    }

    public func run() async throws {
        await withTaskCancellationOrGracefulShutdownHandler {
            while !Task.isCancelled, !isStopping.isSet {
                await exportOnce()
                try? await cancelWhenGracefulShutdown { try await Task.sleep(for: interval) }
            }
        } onCancelOrGracefulShutdown: {
            isStopping.set()
        }
    }

    /// On a thread of its own, since it blocks.
    private func exportOnce() async {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "terrabyte.export", qos: .utility).async {
                let start = ContinuousClock.now
                do {
                    let report = try export.run()
                    for fault in report.faults {
                        logger.error("The export lacks what is damaged", metadata: ["catalogue.fault": "\(fault)"])
                    }
                    let written = report.collections.reduce(0) { $0 + $1.writtenItemCount }
                    for entry in report.collections where entry.leftOutItemCount > 0 {
                        logger.warning(
                            "Items that are not I-JSON are left out of the export",
                            metadata: [
                                "stac.collection": "\(entry.id)", "export.left_out": "\(entry.leftOutItemCount)",
                            ])
                    }
                    logger.info(
                        "Exported",
                        metadata: [
                            "export.items": "\(written)", "catalogue.sequence": "\(report.sequence)",
                            "export.seconds": "\((ContinuousClock.now - start) / .seconds(1))",
                        ])
                } catch is CancellationError {
                    // The next start continues from the finished files.
                } catch {
                    logger.error("The export failed", metadata: ["error": "\(error)"])
                }
                continuation.resume()
            }
        }
    }
}

private final class StopSign: Sendable {
    private let flag = Atomic(false)
    var isSet: Bool { flag.load(ordering: .relaxed) }
    func set() { flag.store(true, ordering: .relaxed) }
}
