import ArgumentParser

extension GeoParquetCommand {
    struct Validate: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Check files of Items.")
        @OptionGroup var files: PathArguments
    }
}
