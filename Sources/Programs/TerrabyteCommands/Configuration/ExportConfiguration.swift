import Configuration
import STACGeoParquet

/// Exports that a server makes on its own.
struct ExportConfiguration: Sendable {
    /// Where the files go.
    var directory: String
    /// Between the end of one export and the beginning of the next.
    var intervalSeconds = 3600
    /// Row groups that are put together at the same time; the other processors are left to searches.
    var threadCount = 1
    var layout = AssetLayout.columns
    /// Where users find the directory.
    var mirror: String?

    /// - `directory` (string, default none): Where the files go; without it there are no exports.
    /// - `intervalSeconds` (int, default 3600): Between the end of one export and the beginning of the next.
    /// - `threads` (int, default 1): How many processors an export may keep busy.
    /// - `layout` (string, default geoparquet): Assets as columns (`geoparquet`) or as JSON text (`text-assets`).
    /// - `mirror` (string, default none): Address of the directory for users, `file://` or `https://`; each Collection gets
    ///   an asset with the role `collection-mirror` that leads there.
    ///
    /// - Returns: `nil` without a directory.
    /// - Throws: `CommandError` with the key and what is wrong with its value.
    init?(_ reader: ConfigReader) throws {
        guard let directory = reader.string(forKey: "directory"), !directory.isEmpty else { return nil }
        self.directory = directory
        intervalSeconds = try reader.number(forKey: "intervalSeconds", in: 1...31_536_000) ?? intervalSeconds
        threadCount = try reader.number(forKey: "threads", in: 1...1024) ?? threadCount
        if let name = reader.string(forKey: "layout") {
            guard let layout = AssetLayout(rawValue: name) else {
                let names = AssetLayout.allCases.map(\.rawValue).joined(separator: " or ")
                throw CommandError("layout: must be \(names); is \"\(name)\"")
            }
            self.layout = layout
        }
        mirror = reader.string(forKey: "mirror")
    }
}
