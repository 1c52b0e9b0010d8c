public import ArgumentParser
import Catalogue
import CatalogueHosting
public import STACGeoParquet
import ServiceModule
import Synchronization

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write the catalogue as GeoParquet files, a folder for each Collection.",
        discussion: """
            A server may run meanwhile. The files hold a consistent snapshot of the catalogue; readers see the previous \
            export or this one, never half of it. The next run writes only the files whose Items have changed. An \
            interrupted run is continued by the next one.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: ArgumentHelp("Directory for the files.", valueName: "dir")) var to: String

    @Option(help: ArgumentHelp("Only this Collection; may be given several times.", valueName: "id"))
    var collection: [String] = []

    @Option(
        help: ArgumentHelp(
            "All Collections, or the curated ones: without those of users and containers (default: as configured).",
            valueName: "which"))
    var visibility: ExportedCollections?

    @Option(help: ArgumentHelp("How hard to compress, 1 (fast) to 19 (small).", valueName: "level"))
    var zstdLevel = 9

    @Option(help: ArgumentHelp("Rows of a row group at most: fewer are read for a small area.", valueName: "count"))
    var rowGroupRows = 16_384

    @Option(
        help: ArgumentHelp(
            "Assets as columns (geoparquet), or as JSON text in one column (text-assets): less to read for users who "
                + "want whole Items.", valueName: "layout"))
    var layout = AssetLayout.columns

    @Option(
        help: ArgumentHelp(
            "Address of the directory for users: each Collection gets an asset with the role collection-mirror.",
            valueName: "url"))
    var mirror: String?

    func validate() throws {
        guard (1...1_000_000).contains(rowGroupRows) else {
            throw ValidationError("--row-group-rows must be from 1 to 1000000.")
        }
        guard (1...19).contains(zstdLevel) else { throw ValidationError("--zstd-level must be from 1 to 19.") }
    }

    func run() async throws {
        let start = ContinuousClock.now
        var options = CatalogueExport.Options()
        options.collections = collection.isEmpty ? nil : collection
        let configuration = try await common.configuration()
        let exported =
            try visibility ?? .configured(configuration.settings.scoped(to: ExportModule.name))
            ?? .standard(hasAccounts: configuration.runs("identity"))
        options.visible = exported.visible
        options.zstdLevel = Int32(zstdLevel)
        options.rowGroupRowCount = rowGroupRows
        options.layout = layout
        options.mirror = mirror
        let catalogue = try await common.catalogue(index: .ifFree)
        let display = ExportDisplay()
        let report = try CatalogueExport(of: catalogue, to: to, options: options).run(onProgress: { display.show($0) })
        display.finish()
        for entry in report.collections { Console.print(Self.line(entry)) }
        for entry in report.collections where entry.leftOutItemCount > 0 {
            Console.status(
                "\(entry.id): \(ConsoleFormat.count(entry.leftOutItemCount, "Item")) left out, not being "
                    + "I-JSON: see terrabyte verify")
        }
        for id in report.removedCollections { Console.print("\(id): removed") }
        let items = report.collections.reduce(0) { $0 + $1.writtenItemCount }
        let seconds = max((ContinuousClock.now - start) / .seconds(1), 0.001)
        Console.print(
            "\(ConsoleFormat.count(items, "Item")) written in \(ConsoleFormat.clock(seconds)) "
                + "(\(ConsoleFormat.grouped(Int(Double(items) / seconds)))/s), as of sequence \(report.sequence)")
        guard report.faults.isEmpty else {
            for fault in report.faults { Console.print(fault) }
            Console.status("Everything else has been exported. " + damageAdvice)
            throw ExitCode.failure
        }
        if report.collections.contains(where: { $0.leftOutItemCount > 0 }) { throw ExitCode(2) }
    }

    private static func line(_ entry: ExportReport.Collection) -> String {
        func grouped(_ number: Int) -> String { ConsoleFormat.grouped(number) }
        func count(_ number: Int, _ unit: String) -> String { ConsoleFormat.count(number, unit) }
        var line =
            "\(entry.id): \(count(entry.itemCount, "Item")), \(count(entry.columnCount, "column")), "
            + "\(count(entry.fileCount, "file")), "
            + "\(grouped((entry.byteCount + 999) / 1_000)) kB, \(grouped(entry.writtenFileCount)) written now"
        if !entry.jsonColumns.isEmpty {
            line += "; as JSON text, since their values are of several types: "
            line += entry.jsonColumns.prefix(5).joined(separator: ", ")
            if entry.jsonColumns.count > 5 { line += " and \(entry.jsonColumns.count - 5) more" }
        }
        return line
    }
}

extension AssetLayout: ExpressibleByArgument {}
extension ExportedCollections: ExpressibleByArgument {}

/// Shows an export's progress on standard error: one line that is overwritten on a terminal, else one every ten
/// seconds.
private final class ExportDisplay: Sendable {
    private let start = ContinuousClock.now
    private let lastUpdate = Mutex<ContinuousClock.Instant?>(nil)

    func show(_ progress: ExportProgress) {
        let now = ContinuousClock.now
        let pace: Duration = Console.current.isTerminal ? .milliseconds(200) : .seconds(10)
        let isDue = lastUpdate.withLock { last in
            guard now - (last ?? start) >= pace else { return false }
            last = now
            return true
        }
        guard isDue else { return }
        let line =
            "\(progress.collection): \(ConsoleFormat.grouped(progress.itemCount)) of "
            + ConsoleFormat.count(progress.totalItemCount, "Item")
        guard Console.current.isTerminal else { return Console.status(line) }
        Console.current.errors("\r" + line + "\u{1b}[K")
    }

    func finish() {
        if Console.current.isTerminal { Console.current.errors("\r\u{1b}[K") }
    }
}
