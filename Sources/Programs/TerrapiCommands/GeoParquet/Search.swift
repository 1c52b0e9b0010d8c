import ArgumentParser
import ItemFileSearch
import JSON
import ProcessMemory
import STACAPI
import Spelling

extension GeoParquetCommand {
    struct Search: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find Items in GeoParquet files.",
            discussion: """
                The options have the meaning of the API's parameters. Only the parts of the files that may match are \
                read.
                """)

        enum Format: String, ExpressibleByArgument, CaseIterable {
            case ndjson, geojson, table, csv, parquet, count, ids
        }

        @OptionGroup var files: PathArguments
        @OptionGroup var conditions: SearchArguments
        @Option(help: "Items at most.") var limit: Int?
        @Option(
            help: ArgumentHelp(
                "Members and properties in the output, beside those that identify an Item; default: all.",
                valueName: "a,b"))
        var fields: String?
        @Option(help: "The format of the output.") var format: Format = .ndjson
        @Option(help: ArgumentHelp("A file instead of standard output.", valueName: "file")) var output: String?
        @Flag(help: "Report on standard error how much of the files was read.") var statistics = false

        func validate() throws {
            if let limit, limit < 0 { throw ValidationError("--limit must not be negative.") }
            if format == .parquet, output == nil { throw ValidationError("--format parquet needs --output FILE.") }
            if format == .parquet, fields != nil { throw ValidationError("--format parquet has all fields.") }
        }

        func run() throws {
            AllocatorTuning.retainFreed(blocksUpTo: 1 << 30, atMost: 1 << 30)
            let request = try conditions.request()
            let paths = try ItemFilePaths.files(of: files.paths)
            let search = try ItemFileSearch(request, files: paths, limit: format == .count ? nil : limit)
            let found = try search.run(isOrdered: format != .count)
            for name in found.absentProperties.names.prefix(5) {
                let hint = suggestion(for: name, among: found.absentProperties.known)
                StandardError.write("Warning: no file has the property '\(name)'\(hint).\n")
            }
            if format == .parquet, let output {
                try ItemFileOutput(found).write(to: output)
            } else {
                let output = try ItemOutput(path: output)
                try write(found, to: output)
                try output.finish()
            }
            if statistics { StandardError.write(found.statistics.lines) }
        }

        private var table: ItemTable { ItemTable(fields.map { SearchArguments.list($0) }, conditions.sortKeys) }

        private func write(_ found: FoundItems, to output: ItemOutput) throws {
            let selection = fields.map { ItemFields(SearchArguments.list($0)) }
            let names = selection?.names
            switch format {
            case .count: try output.write("\(limit.map { min($0, found.count) } ?? found.count)\n")
            case .ids: try found.forEachID { try output.write($0 + "\n") }
            case .ndjson:
                try found.forEachItem(names: names) { text in
                    try output.write(selection?.selected(from: text) ?? text)
                    try output.write("\n")
                }
            case .geojson:
                try output.write(#"{"type":"FeatureCollection","features":["#)
                var separator = ""
                try found.forEachItem(names: names) { text in
                    try output.write(separator)
                    try output.write(selection?.selected(from: text) ?? text)
                    separator = ","
                }
                try output.write(#"],"numberReturned":\#(found.count)}"# + "\n")
            case .table: try table.writeText(found, to: output)
            case .csv: try table.writeCSV(found, to: output)
            case .parquet: break
            }
        }
    }
}

extension SearchArguments {
    /// Names of the properties of the order.
    var sortKeys: [String] {
        Self.list(sortby ?? "").map { $0.hasPrefix("-") || $0.hasPrefix("+") ? String($0.dropFirst()) : $0 }
    }
}

extension SearchStatistics {
    /// For a person.
    fileprivate var lines: String {
        """
        files: \(fileCount), opened \(openedFileCount)
        row groups: \(rowGroupCount), read \(readRowGroupCount)
        rows: \(rowCount), in pages that may match \(candidateRowCount), put together \(evaluatedRowCount), \
        matched \(matchCount)
        read: \(readByteCount) bytes in \(readCount) requests

        """
    }
}
