import JSON
import Parquet
import STACGeoParquet

/// The content of one version of a collection's folder: its `_export/manifest.json`.
struct CollectionManifest {
    struct File: Hashable {
        var name: String
        var itemCount: Int
        var byteCount: Int
        /// XXH64 of the file's bytes in hexadecimal, as `xxhsum -H1` prints it.
        var checksum: String
        /// The first and the last instant that Items are sorted by, in microseconds.
        var times: ClosedRange<Int64>
        var box: [Double]?
    }

    /// A change of the layout of files makes a new number, and all files are written anew.
    static let format = 1

    var id: String
    var storeID: String
    var sequence: Int64
    /// Of the last write of the Collection itself.
    var collectionSequence: Int64
    var spanLength: SpanLength
    var layout: AssetLayout
    var schema: ItemSchema
    var files: [File]

    var itemCount: Int { files.reduce(0) { $0 + $1.itemCount } }
    var byteCount: Int { files.reduce(0) { $0 + $1.byteCount } }

    init(
        id: String, storeID: String, sequence: Int64, collectionSequence: Int64, spanLength: SpanLength,
        layout: AssetLayout, schema: ItemSchema, files: [File]
    ) {
        self.id = id
        self.storeID = storeID
        self.sequence = sequence
        self.collectionSequence = collectionSequence
        self.spanLength = spanLength
        self.layout = layout
        self.schema = schema
        self.files = files
    }

    /// - Returns: `nil` when there is none, or none that can be built upon.
    init?(directory: String) {
        guard let json = ExportFile.json(at: directory, CollectionDirectory.manifestNames),
            json["format"]?.int == Self.format,
            let id = json["collection"]?.string, let storeID = json["store"]?.string,
            let sequence = json["sequence"]?.int, let collectionSequence = json["collection_sequence"]?.int,
            let spanLength = json["files_by"]?.string.flatMap(SpanLength.init(rawValue:)),
            let layout = AssetLayout(rawValue: json["layout"]?.string ?? AssetLayout.columns.rawValue),
            let schema = json["schema"].flatMap({ ItemSchema($0) }), let entries = json["files"]?.array
        else { return nil }
        let files = entries.compactMap { File($0) }
        guard files.count == entries.count else { return nil }
        self.init(
            id: id, storeID: storeID, sequence: Int64(sequence), collectionSequence: Int64(collectionSequence),
            spanLength: spanLength, layout: layout, schema: schema, files: files)
    }

    var json: JSONValue {
        [
            "format": JSONValue(Self.format), "collection": .string(id), "store": .string(storeID),
            "sequence": JSONValue(Int(sequence)), "collection_sequence": JSONValue(Int(collectionSequence)),
            "files_by": .string(spanLength.rawValue), "layout": .string(layout.rawValue), "items": JSONValue(itemCount),
            "bytes": JSONValue(byteCount),
            "json_columns": .array(schema.jsonColumns.map { .string($0) }), "files": .array(files.map(\.json)),
            "schema": schema.json,
        ]
    }
}

extension CollectionManifest.File {
    init?(_ json: JSONValue) {
        guard let name = json["name"]?.string, let itemCount = json["items"]?.int,
            let byteCount = json["bytes"]?.int, let checksum = json["xxh64"]?.string,
            let first = json["datetime"]?[0]?.int, let last = json["datetime"]?[1]?.int, first <= last
        else { return nil }
        self.init(
            name: name, itemCount: itemCount, byteCount: byteCount, checksum: checksum,
            times: Int64(first)...Int64(last), box: json["bbox"]?.array?.compactMap(\.double))
    }

    var json: JSONValue {
        var object: JSONObject = [
            "name": .string(name), "items": JSONValue(itemCount), "bytes": JSONValue(byteCount),
            "xxh64": .string(checksum),
            "datetime": [JSONValue(Int(times.lowerBound)), JSONValue(Int(times.upperBound))],
        ]
        if let box { object["bbox"] = .array(box.map { JSONValue($0) }) }
        return .object(object)
    }
}
