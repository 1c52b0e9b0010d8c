import JSON

/// What stands beside the collections' folders: a list of them.
struct ExportSummary {
    let directory: ExportDirectory
    let sequence: Int64

    func write() throws {
        let manifests = directory.folders().compactMap { folder -> (String, CollectionManifest)? in
            CollectionDirectory(root: directory.path, folder: folder).current
                .flatMap { CollectionManifest(directory: $0) }.map { (folder, $0) }
        }
        let summary: JSONValue = [
            "format": JSONValue(CollectionManifest.format), "sequence": JSONValue(Int(sequence)),
            "collections": .array(
                manifests.map { folder, manifest in
                    [
                        "collection": .string(manifest.id), "folder": .string(folder),
                        "items": JSONValue(manifest.itemCount), "files": JSONValue(manifest.files.count),
                        "bytes": JSONValue(manifest.byteCount), "sequence": JSONValue(Int(manifest.sequence)),
                    ]
                }),
        ]
        try ExportFile.write(summary.serialized(pretty: true), to: directory.path + "/manifest.json")
    }
}
