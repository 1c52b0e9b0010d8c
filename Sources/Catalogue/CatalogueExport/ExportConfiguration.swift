import STACGeoParquet
import ServiceModule

/// Exports that a server makes on its own.
public struct ExportConfiguration: Sendable {
    /// The directory of the export.
    let directory: String
    /// Between the end of one export and the beginning of the next.
    var intervalSeconds = 3600
    /// Row groups that are assembled concurrently; the other cores are left to searches.
    var threadCount = 1
    var layout = AssetLayout.columns
    /// The directory's address for users.
    var mirror: String?
    /// `nil`: as it is without a word about it.
    var exported: ExportedCollections?

    /// - `directory` (string, default none): Where the files go; without it there are no exports.
    /// - `intervalSeconds` (int, default 3600): Between the end of one export and the beginning of the next.
    /// - `threads` (int, default 1): Cores that an export may use.
    /// - `layout` (string, default geoparquet): Assets as columns (`geoparquet`) or as JSON text (`text-assets`).
    /// - `mirror` (string, default none): Address of the directory for users, `file://` or `https://`; each Collection gets
    ///   an asset with the role `collection-mirror` that leads there.
    ///
    /// - `visibility` (string, default `curated` where the service `identity` runs, else `all`): Whether Collections of users
    ///   and containers are exported, too.
    ///
    /// - Returns: `nil` without a directory.
    /// - Throws: `CommandError` with the key and the fault of its value.
    init?(_ settings: Settings) throws {
        let directory = try settings.string("directory")
        intervalSeconds = try settings.int("intervalSeconds", in: 1...31_536_000, default: intervalSeconds)
        threadCount = try settings.int("threads", in: 1...1024, default: threadCount)
        let name = try settings.string("layout", default: layout.rawValue)
        layout = try settings.checked("layout") {
            guard let layout = AssetLayout(rawValue: name) else {
                let names = AssetLayout.allCases.map(\.rawValue).joined(separator: " or ")
                throw CommandError("must be \(names); is \"\(name)\"")
            }
            return layout
        }
        mirror = try settings.string("mirror")
        exported = try .configured(settings)
        guard let directory else { return nil }
        self.directory = directory
    }
}
