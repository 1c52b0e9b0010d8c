import DuckDBFile
import JSON
import Parquet
import STACGeoParquet

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The files beside the collections' folders: a list of them, and a database with a view of each.
struct ExportSummary {
    let directory: ExportDirectory
    let sequence: Int64

    private struct Entry {
        var folder: String
        var path: String
        var manifest: CollectionManifest

        var json: JSONValue {
            [
                "collection": .string(manifest.id), "folder": .string(folder),
                "version": .string(path.split(separator: "/").last.map(String.init) ?? ""),
                "items": JSONValue(manifest.itemCount), "files": JSONValue(manifest.files.count),
                "bytes": JSONValue(manifest.byteCount), "sequence": JSONValue(Int(manifest.sequence)),
            ]
        }
    }

    /// Does nothing when the existing files are up to date.
    func write() throws {
        let entries = directory.folders().compactMap { folder -> Entry? in
            guard let path = CollectionDirectory(root: directory.path, folder: folder).current,
                let manifest = CollectionManifest(directory: path)
            else { return nil }
            return Entry(folder: folder, path: path, manifest: manifest)
        }
        let collections = JSONValue.array(entries.map(\.json))
        // A process may have ended after a folder's change, before this one.
        let path = directory.path + "/" + ExportDirectory.manifestName
        let isCurrent = collections == ExportFile.json(at: path)?["collections"] && access(databasePath, F_OK) == 0
        guard !isCurrent else { return }
        // The database first, so that it exists when the list names it.
        try ViewDatabase(views(entries)).write(to: databasePath)
        let summary: JSONValue = [
            "format": JSONValue(CollectionManifest.format), "sequence": JSONValue(Int(sequence)),
            "collections": collections,
        ]
        try ExportFile.write(summary.serialized(pretty: true), to: path)
        // Of an earlier version; it would be out of date from here on.
        unlink(directory.path + "/manifest.json")
    }

    private var databasePath: String { directory.path + "/catalogue.duckdb" }

    /// Of the versions that are current now, by their own paths: a query sees the same files from its beginning to its
    /// end. DuckDB's names are case-insensitive; of two collections that differ in case only, the first gets a view.
    private func views(_ entries: [Entry]) -> [DuckDBView] {
        var names: Set<String> = []
        return entries.filter { !$0.manifest.files.isEmpty && names.insert($0.manifest.id.lowercased()).inserted }.map {
            DuckDBView(
                $0.manifest.id, paths: [DuckDBView.literalPattern($0.path) + "/*.parquet"],
                columns: $0.manifest.schema.fileSchema.children.map { DuckDBColumn($0) })
        }
    }
}

extension DuckDBColumn {
    /// As DuckDB sees a column of our files.
    fileprivate init(_ node: SchemaNode) {
        self.init(node.name, DuckDBType(node))
    }
}

extension DuckDBType {
    fileprivate init(_ node: SchemaNode) {
        switch (node.kind, node.logicalType) {
        case (.group(let children), .list): self = .list(DuckDBType(children[0].children[0]))
        case (.group(let children), _): self = .structure(children.map { DuckDBColumn($0) })
        case (.primitive(.boolean, _), _): self = .boolean
        case (.primitive(.double, _), _): self = .double
        case (.primitive(.int64, _), .timestamp): self = .timestampWithTimeZone
        case (.primitive(.int64, _), _): self = .bigint
        case (_, .string): self = .varchar
        default: self = .blob
        }
    }
}
