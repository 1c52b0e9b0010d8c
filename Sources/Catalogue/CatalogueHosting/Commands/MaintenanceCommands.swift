import ArgumentParser
import Catalogue
import ServiceModule

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check that the catalogue is sound; the exit code is 1 when it is not.")

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let faults = try await common.catalogue(index: .ifFree).verify()
        for fault in faults { Console.print(fault) }
        guard faults.isEmpty else { throw ExitCode.failure }
        Console.print("No fault found")
    }
}

struct ReindexCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reindex", abstract: "Rebuild the search index.",
        discussion: "No data is lost: the index is derived from the store. No server may run meanwhile.")

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let start = ContinuousClock.now
        try await common.catalogue(index: .required).reindex()
        Console.print("Built the index in \(ConsoleFormat.clock((ContinuousClock.now - start) / .seconds(1)))")
    }
}

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy a snapshot of the catalogue into another directory.",
        discussion: """
            A server may run meanwhile. The copy is a catalogue itself, without its index, which is built when it is \
            first used.
            """)

    @OptionGroup var common: CommonOptions
    @Argument(help: ArgumentHelp("Directory for the copy.", valueName: "dir")) var directory: String

    func run() async throws {
        try await common.catalogue(index: .none).backup(to: directory)
        Console.print("Copied to \(directory)")
    }
}
