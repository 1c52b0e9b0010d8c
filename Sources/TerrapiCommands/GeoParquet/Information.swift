import ArgumentParser

extension GeoParquetCommand {
    struct Information: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "info", abstract: "Say what files of Items hold.")
        @OptionGroup var files: PathArguments
    }
}
