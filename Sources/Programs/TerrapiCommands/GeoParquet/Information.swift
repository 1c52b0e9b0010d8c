import ArgumentParser
import ItemFileSearch
import JSON
import Parquet

extension GeoParquetCommand {
    struct Information: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "info", abstract: "Describe GeoParquet files of Items.")

        @OptionGroup var files: PathArguments
        @Flag(help: "Also name every column.") var columns = false

        func run() throws {
            let paths = try ItemFilePaths.files(of: files.paths)
            var total = (rows: 0, bytes: 0)
            for path in paths {
                let description = try Self.description(path)
                print("\(path)\n\(text(description))")
                total = (total.rows + description.rowCount, total.bytes + description.byteCount)
            }
            if paths.count > 1 { print("\(paths.count) files: \(total.rows) rows, \(total.bytes) bytes") }
        }

        private static func description(_ path: String) throws -> ItemFileDescription {
            do {
                return try ItemFileDescription(try FileByteSource(path: path))
            } catch {
                throw TerrapiError("\(error)".hasPrefix(path) ? "\(error)" : "\(path): \(error)")
            }
        }

        private func text(_ file: ItemFileDescription) -> String {
            var lines = [
                "rows: \(file.rowCount) in \(file.rowGroupCount) row groups",
                "bytes: \(file.byteCount), before compression \(file.uncompressedByteCount)",
                "columns: \(file.columns.count)",
                "written by: \(file.createdBy ?? "unknown")",
                "geo: \(file.geoVersion ?? "none")"
                    + (file.geometryTypes.isEmpty ? "" : ", " + file.geometryTypes.joined(separator: ", ")),
            ]
            if let times = file.times { lines.append("datetime: \(times.first) to \(times.last)") }
            if let box = file.box { lines.append("bbox: \(box.map { "\($0)" }.joined(separator: ", "))") }
            let texts = file.columns.filter(\.isJSON).map(\.name)
            if !texts.isEmpty { lines.append("JSON text: \(texts.joined(separator: ", "))") }
            if columns { lines += file.columns.map { "column \($0.name): \($0.type)" } }
            return lines.map { "  " + $0 }.joined(separator: "\n")
        }
    }
}
