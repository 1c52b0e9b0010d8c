import ArgumentParser
import ItemFileSearch
import Parquet
import ProcessMemory

extension GeoParquetCommand {
    struct Validate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check GeoParquet files of Items.",
            discussion: """
                Every page is read; bounds, page index and Bloom filters are compared with the values, the metadata with \
                GeoParquet 1.1, and the Items with STAC. One line for each fault, and exit code 1 when there are any.
                """)

        @OptionGroup var files: PathArguments
        @Option(help: "Faults of one file that are named at most.") var limit = 100

        func validate() throws {
            if limit < 1 { throw ValidationError("--limit must be at least 1.") }
        }

        func run() throws {
            AllocatorTuning.retainFreed(blocksUpTo: 1 << 30, atMost: 1 << 30)
            var isFaulty = false
            for path in try ItemFilePaths.files(of: files.paths) {
                let faults = Self.faults(of: path, limit)
                for fault in faults { print("\(path): \(fault)") }
                isFaulty = isFaulty || !faults.isEmpty
            }
            if isFaulty { throw ExitCode(1) }
        }

        private static func faults(of path: String, _ limit: Int) -> [String] {
            do {
                var check = try ItemFileCheck(try FileByteSource(path: path), limit: limit)
                return check.run()
            } catch {
                let text = "\(error)"
                return [text.hasPrefix(path + ": ") ? String(text.dropFirst(path.count + 2)) : text]
            }
        }
    }
}
