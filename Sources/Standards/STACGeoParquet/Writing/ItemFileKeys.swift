public import GeoParquet
public import JSON
public import Parquet

/// The key-value metadata of a file of Items: see `ColumnMetadata`, `GeoMetadata`, and the specification of
/// stac-geoparquet.
public struct ItemFileKeys: Sendable {
    /// Source: [stac-geoparquet, metadata](
    /// https://github.com/stac-utils/stac-geoparquet/blob/main/spec/stac-geoparquet-spec.md#metadata).
    public static let key = "stac-geoparquet"

    public var columnMetadata: ColumnMetadata
    public var geo: GeoMetadata
    /// The Collection as it was when the file was written.
    public var collection: (id: String, json: JSONValue)?

    public init(_ schema: ItemSchema) {
        columnMetadata = ColumnMetadata(schema)
        geo = GeoMetadata()
        var column = GeoMetadata.Column()
        let sides = schema.hasHeights ? BoundingBoxColumns.namesWithHeights : BoundingBoxColumns.names
        column.covering = Dictionary(uniqueKeysWithValues: sides.map { ($0, ["bbox", $0]) })
        geo.columns["geometry"] = column
        if schema.properties.contains(where: { $0.type == .geometry }) {
            // In the Item's own reference system, which differs from row to row.
            var projected = GeoMetadata.Column()
            projected.crs = .null
            geo.columns["proj:geometry"] = projected
        }
    }

    /// In the order of the file: the keys needed for pruning the file come first.
    public var keyValues: [KeyValue] {
        var geo = geo
        geo.columns["geometry"]?.bbox = columnMetadata.box
        // The published schema of this metadata knows version 1.0.0 only, whose members are `version` and one
        // `collection`; readers of 1.1.0 take `collections`.
        var item: JSONObject = ["version": "1.1.0"]
        if let collection {
            var collections = JSONObject()
            collections[collection.id] = collection.json
            item["collections"] = .object(collections)
        }
        return [
            KeyValue(key: ColumnMetadata.key, value: columnMetadata.jsonValue.jsonText),
            KeyValue(key: GeoMetadata.key, value: geo.json.jsonText),
            KeyValue(key: Self.key, value: JSONValue.object(item).jsonText),
        ]
    }
}
