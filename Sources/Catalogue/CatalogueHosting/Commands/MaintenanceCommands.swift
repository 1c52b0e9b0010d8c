import ArgumentParser
import Catalogue
import CatalogueSQLite
import ServiceModule

/// What to do about damage of the store.
public let damageAdvice =
    "Restore the catalogue from a backup with 'terrabyte restore', or load the Items named above again. 'terrabyte verify' says whether that was all."

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check that the catalogue is sound; the exit code is 1 when it is not.",
        discussion: """
            Reads everything, compares checksums, and compares the index with the store, also beside a running server. \
            Nothing is changed.
            """)

    @OptionGroup var common: CommonOptions

    @Flag(help: "If no fault is found, give Items that an earlier version has written their checksums.")
    var addChecksums = false

    func run() async throws {
        let report = try await common.catalogue(index: .reading).verification()
        for fault in report.faults { Console.print(fault) }
        for note in report.notes { Console.print(note) }
        guard report.faults.isEmpty else {
            Console.status(
                report.concernsIndexOnly
                    ? "Only the search index is damaged. Stop the server, if one runs, and run 'terrabyte reindex'; no data is lost."
                    : damageAdvice)
            throw ExitCode.failure
        }
        if report.uncheckedCount > 0, addChecksums {
            try await common.catalogue(index: .none).addChecksums()
            Console.print("Added checksums to \(ConsoleFormat.count(report.uncheckedCount, "Item"))")
        } else if report.uncheckedCount > 0 {
            Console.print(
                "\(ConsoleFormat.count(report.uncheckedCount, "Item")) of an earlier version without checksum; 'terrabyte verify --add-checksums' adds what is missing"
            )
        }
        Console.print("No fault found")
    }
}

struct ReindexCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reindex", abstract: "Rebuild the search index.",
        discussion: """
            No data is lost: the index is derived from the store. No server may run meanwhile.

            With --from, the index of another node of the same PostgreSQL database is copied, which takes seconds where \
            building takes minutes. That node may run.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: ArgumentHelp("Home of another node, or a copy of its index, to copy.", valueName: "dir"))
    var from: String?

    func run() async throws {
        let start = ContinuousClock.now
        var place = try await common.cataloguePlace()
        guard from == nil || place.database != nil else {
            throw CommandError("--from: nodes have indexes of their own only where the catalogue is in PostgreSQL.")
        }
        // Otherwise what is configured for new nodes would be copied.
        place.indexSource = from
        let catalogue = try place.open(index: .rebuilt, creating: false)
        if let from {
            Console.print("Copied the index of \(from) in \(Self.time(since: start))")
            return
        }
        let faults = try catalogue.reindex()
        Console.print("Built the index in \(Self.time(since: start))")
        guard faults.isEmpty else {
            for fault in faults { Console.print(fault) }
            Console.status("These Items are damaged in the store. " + damageAdvice)
            throw ExitCode.failure
        }
    }

    private static func time(since start: ContinuousClock.Instant) -> String {
        ConsoleFormat.clock((ContinuousClock.now - start) / .seconds(1))
    }
}

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy a snapshot of the catalogue into another directory.",
        discussion: """
            A server may run meanwhile. The directory must be empty or new, or hold an earlier backup of the same \
            catalogue, which is replaced once the new one is complete. A damaged catalogue is not copied. 'terrabyte \
            restore' makes a catalogue of a backup.
            """)

    @OptionGroup var common: CommonOptions
    @Argument(help: ArgumentHelp("Directory for the copy.", valueName: "dir")) var directory: String

    func run() async throws {
        do {
            try await common.catalogue(index: .none).backup(to: directory)
        } catch let error as CatalogueError where error.code == .storeDamaged {
            Console.status(damageAdvice)
            throw error
        }
        Console.print("Copied to \(directory)")
    }
}

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Make a catalogue of a backup.",
        discussion: """
            The catalogue's directory must be empty or new; a configuration file may be in it. The search index is built \
            when the catalogue is first opened.
            """)

    @OptionGroup var common: CommonOptions
    @Argument(help: ArgumentHelp("Directory of the backup.", valueName: "dir")) var directory: String

    func run() async throws {
        let place = try await common.cataloguePlace()
        guard place.database == nil else {
            throw CommandError(
                "A backup becomes a SQLite catalogue in a directory, not one in \(place): leave --database away. What pg_dump has written is restored by pg_restore."
            )
        }
        try CatalogueEngine.restore(from: directory, to: place.home)
        Console.print("Restored to \(place.home)")
    }
}
