public import ArgumentParser

/// The command `terrabyte`.
///
/// Exit codes: 0, all done; 1, it failed; 2, done but for Items that were rejected; 64, the arguments are wrong.
public struct Terrabyte: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "terrabyte", abstract: "Keeps and serves a catalogue of Earth-observation data.",
        version: "0.1.0",
        subcommands: [
            CollectionsCommand.self, ItemsCommand.self, ServeCommand.self, StatusCommand.self, VerifyCommand.self,
            ReindexCommand.self, BackupCommand.self, ExportCommand.self, DemoCommand.self,
        ])

    public init() {}
}
