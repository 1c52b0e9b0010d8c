/// The layout of Items' members in a table.
public struct SQLLayout: Sendable, Hashable {
    /// The storage of the properties.
    public enum Properties: Sendable, Hashable {
        /// A column each, beside the Item's own members.
        case columns
        /// A column with the whole Item as JSON: text in SQLite and DuckDB, `jsonb` in PostgreSQL.
        case document(String)
    }

    public enum Assets: Sendable, Hashable {
        /// A `STRUCT` with a field for each key.
        case structure
        /// JSON text.
        case text
    }

    public enum GeometryForm: Sendable, Hashable {
        /// Bytes of well-known binary.
        case wkb
        /// The database's own type, as DuckDB's reader of Parquet gives it from 1.5 on, or earlier with `spatial`.
        case native
    }

    /// Boxes of the Items in a `STRUCT` with `xmin`, `ymin`, `xmax` and `ymax`.
    public struct Covering: Sendable, Hashable {
        public var column: String
        /// Whether `xmin` may be greater than `xmax`, for an Item across the antimeridian. Where that cannot be, groups
        /// of rows are skipped by longitude, too.
        public var mayCross: Bool

        public init(column: String = "bbox", mayCross: Bool = true) {
            self.column = column
            self.mayCross = mayCross
        }
    }

    public var properties: Properties
    public var assets: Assets
    /// The types of columns, by the names of the properties; columns that are not named are taken to be of the type
    /// that they are compared with.
    public var types: [String: SQLColumnType]
    /// Whether properties that `types` does not name do not occur, and are null.
    public var isComplete: Bool
    /// The dotted names of all columns and of the fields in them, as in `assets.B04.gsd`; others do not occur, and are
    /// null. `nil`: unknown.
    public var fields: Set<String>?
    public var geometry: GeometryForm
    /// The column of the geometry; `nil` for a document's `geometry`, which is GeoJSON.
    public var geometryColumn: String?
    /// PostGIS: of the geometry column; 0 for none.
    public var spatialReference: Int
    public var covering: Covering?
    /// Beside a document: the columns of `id` and `collection`; `nil` for the document's own.
    public var idColumn: String?
    public var collectionColumn: String?

    /// As [stac-geoparquet](https://github.com/radiantearth/stac-geoparquet-spec) has it.
    public static func geoparquet(
        types: [String: SQLColumnType] = [:], isComplete: Bool = false, geometry: GeometryForm = .wkb,
        covering: Covering? = Covering()
    ) -> SQLLayout {
        SQLLayout(
            properties: .columns, assets: .structure, types: types, isComplete: isComplete, geometry: geometry,
            geometryColumn: "geometry", spatialReference: 4326, covering: covering, idColumn: "id",
            collectionColumn: "collection")
    }

    /// As `geoparquet`, with assets as JSON text.
    public static func geoparquetWithTextAssets(
        types: [String: SQLColumnType] = [:], isComplete: Bool = false, geometry: GeometryForm = .wkb,
        covering: Covering? = Covering()
    ) -> SQLLayout {
        var layout = geoparquet(types: types, isComplete: isComplete, geometry: geometry, covering: covering)
        layout.assets = .text
        return layout
    }

    /// Items as JSON in one column.
    ///
    /// - Parameter geometryColumn: With PostGIS, a column of its type `geometry`; `nil`: the document's GeoJSON is
    ///   read.
    public static func document(
        column: String = "body", idColumn: String? = nil, collectionColumn: String? = nil,
        geometryColumn: String? = nil, spatialReference: Int = 4326
    ) -> SQLLayout {
        SQLLayout(
            properties: .document(column), assets: .text, types: [:], isComplete: false, geometry: .native,
            geometryColumn: geometryColumn, spatialReference: spatialReference, covering: nil, idColumn: idColumn,
            collectionColumn: collectionColumn)
    }
}

/// The content of a column.
public enum SQLColumnType: String, Sendable, Hashable, CaseIterable {
    case number, string, boolean
    /// `TIMESTAMP WITH TIME ZONE`.
    case timestamp
    /// `TIMESTAMP` that means UTC.
    case timestampWithoutZone = "timestamp-without-zone"
    case date
    /// In the layout's form.
    case geometry
    case strings = "string[]"
    case numbers = "number[]"
    case booleans = "boolean[]"
    /// JSON text of any value.
    case json
    /// Something that no operator looks into, such as a `STRUCT`.
    case other
}
