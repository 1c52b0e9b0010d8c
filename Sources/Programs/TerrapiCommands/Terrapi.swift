public import ArgumentParser

/// The command `terrapi`.
///
/// Exit codes: 0, all done; 1, it failed; 64, the arguments are wrong.
public struct Terrapi: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "terrapi", abstract: "Works with Earth-observation catalogues, with or without a server.",
        version: "0.1.0", subcommands: [CQL2Command.self, GeoParquetCommand.self])

    public init() {}
}
