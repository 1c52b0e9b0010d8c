import ArgumentParser

struct GeoParquetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "geoparquet", abstract: "Work with GeoParquet files of Items, without a server.",
        subcommands: [Search.self, Information.self, Validate.self])
}

/// Files of Items, as arguments.
struct PathArguments: ParsableArguments {
    @Argument(
        help: """
            Files, folders, and patterns such as 'export/*/*.parquet' in quotes.
            """)
    var paths: [String]
}
