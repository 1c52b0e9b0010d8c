import ArgumentParser
import Catalogue
import Foundation
import SQLDatabase
import ServiceModule
import Synchronization

struct CopyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy", abstract: "Copy a catalogue into another, such as from SQLite to PostgreSQL.",
        discussion: """
            The target must be empty. A server may use the source meanwhile. Afterwards both are read again and compared. \
            With --resume, an interrupted copy goes on, or brings what has changed since; Items that are equal are not \
            written. The exit code is 1 if anything could not be copied.
            """)

    @OptionGroup var common: CommonOptions
    @Option(
        help: ArgumentHelp(
            "The source: sqlite:DIR, the directory of a catalogue, or postgresql://… (default: the catalogue of the other options).",
            valueName: "catalogue"))
    var from: String?
    @Option(help: ArgumentHelp("The target, like --from.", valueName: "catalogue")) var to: String
    @Flag(help: "Go on with a copy into a target that has Items already.") var resume = false
    @Flag(inversion: .prefixedNo, help: "Read both again afterwards and compare them.") var check = true

    func run() async throws {
        let own = try await common.cataloguePlace()
        let source = try from.map { try CataloguePlace($0, option: "--from", home: own.home) } ?? own
        let target = try CataloguePlace(to, option: "--to", home: own.home)
        let copy = CatalogueCopy(
            from: try source.open(index: .none, creating: false), to: try target.open(index: .none, creating: true))
        guard try resume || !copy.targetHasItems() else {
            throw CommandError(
                "\(target) has Items already; with --resume, Items of the same ids are replaced by those of \(source).")
        }
        let report = try await run(copy, "Copied")
        var faults = report.faults
        if check {
            let checked = try await run(copy, "Compared")
            let written = checked.created + checked.replaced
            if written > 0, report.changedMeanwhile == 0, checked.changedMeanwhile == 0 {
                faults.append("\(ConsoleFormat.count(written, "Item")) had not arrived as they are in the source.")
            }
            for fault in checked.faults where !faults.contains(fault) { faults.append(fault) }
        }
        for fault in faults { Console.print(fault) }
        if !faults.isEmpty { throw ExitCode.failure }
        if report.changedMeanwhile > 0 {
            Console.status("The source has been written to meanwhile; copy again with --resume.")
        }
    }

    private func run(_ copy: CatalogueCopy, _ what: String) async throws -> CatalogueCopy.Report {
        let start = ContinuousClock.now
        let last = Mutex(CatalogueCopy.Report())
        do {
            let report = try await untilSignal {
                try await blocking { isCancelled in
                    var line = ProgressLine()
                    defer { line.end() }
                    return try copy.run { report in
                        last.withLock { $0 = report }
                        line.show(Self.summary(what, report, after: ContinuousClock.now - start))
                        if isCancelled() { throw CancellationError() }
                    }
                }
            }
            Console.print(Self.summary(what, report, after: ContinuousClock.now - start))
            return report
        } catch is CancellationError {
            Console.print(Self.summary(what, last.withLock { $0 }, after: ContinuousClock.now - start))
            Console.status("Interrupted; what is counted above is stored, and --resume goes on")
            throw ExitCode(130)
        }
    }

    private static func summary(_ what: String, _ report: CatalogueCopy.Report, after time: Duration) -> String {
        let seconds = max(time / .seconds(1), 0.001)
        let rate = ConsoleFormat.grouped(Int(Double(report.read) / seconds))
        return "\(what) \(ConsoleFormat.count(report.read, "Item")) in \(ConsoleFormat.clock(seconds)) (\(rate)/s): "
            + "\(ConsoleFormat.grouped(report.created)) created, \(ConsoleFormat.grouped(report.replaced)) replaced, "
            + "\(ConsoleFormat.grouped(report.unchanged)) unchanged"
    }
}

/// Runs what blocks on a thread of its own, since tasks have few.
private func blocking<Result: Sendable>(
    _ body: @escaping @Sendable (_ isCancelled: @escaping () -> Bool) throws -> Result
) async throws -> Result {
    let flag = CancellationFlag()
    return try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Swift.Result { try body { flag.isSet.load(ordering: .relaxed) } })
            }
        }
    } onCancel: {
        flag.isSet.store(true, ordering: .relaxed)
    }
}

private final class CancellationFlag: Sendable {
    let isSet = Atomic(false)
}

extension CataloguePlace {
    /// - Parameters:
    ///   - text: `sqlite:DIR`, a directory, or `postgresql://…`.
    ///   - home: A directory for an index of a catalogue in PostgreSQL.
    fileprivate init(_ text: String, option: String, home: String) throws {
        let location: DatabaseLocation
        do {
            location = try DatabaseLocation(text)
        } catch {
            throw CommandError("\(option): \(error)")
        }
        switch location {
        case .sqlite(let path): self.init(home: path, database: nil)
        case .postgreSQL: self.init(home: home, database: DatabaseConfiguration(location))
        }
    }
}
