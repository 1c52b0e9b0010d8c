import DuckDBFile
import JSON
import Parquet
import STACGeoParquet

/// What stands beside the collections' folders: a list of them, and a database with a view of each.
struct ExportSummary {
    let directory: ExportDirectory
    let sequence: Int64

    private struct Entry {
        var folder: String
        var path: String
        var manifest: CollectionManifest
    }

    func write() throws {
        let entries = directory.folders().compactMap { folder -> Entry? in
            guard let path = CollectionDirectory(root: directory.path, folder: folder).current,
                let manifest = CollectionManifest(directory: path)
            else { return nil }
            return Entry(folder: folder, path: path, manifest: manifest)
        }
        // The database first: whoever reads the list finds it.
        try ViewDatabase(views(entries)).write(to: directory.path + "/catalogue.duckdb")
        let summary: JSONValue = [
            "format": JSONValue(CollectionManifest.format), "sequence": JSONValue(Int(sequence)),
            "collections": .array(
                entries.map { entry in
                    [
                        "collection": .string(entry.manifest.id), "folder": .string(entry.folder),
                        "items": JSONValue(entry.manifest.itemCount), "files": JSONValue(entry.manifest.files.count),
                        "bytes": JSONValue(entry.manifest.byteCount),
                        "sequence": JSONValue(Int(entry.manifest.sequence)),
                    ]
                }),
        ]
        try ExportFile.write(summary.serialized(pretty: true), to: directory.path + "/manifest.json")
    }

    /// Of the versions that are current now, by their own paths: a query sees the same files from its beginning to its
    /// end. DuckDB does not tell capitals from small letters in names; of two such collections the first gets a view.
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
