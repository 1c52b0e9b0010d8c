public import JSON

/// The metadata of geometry columns under a file's key `geo`.
///
/// Source: [GeoParquet 1.1.0](https://geoparquet.org/releases/v1.1.0/).
public struct GeoMetadata: Hashable, Sendable {
    public static let key = "geo"

    public struct Column: Hashable, Sendable {
        /// `WKB`, or the name of a native encoding.
        public var encoding = "WKB"
        /// Such as `Polygon` and `Point Z`; empty: unknown.
        public var geometryTypes: [String] = []
        /// West, south, east, north, with the least and greatest heights between where they are known.
        public var bbox: [Double]?
        /// PROJJSON; `nil`: longitude and latitude on WGS 84 (OGC:CRS84). `.null`: unknown.
        public var crs: JSONValue?
        /// `planar` when `nil`, or `spherical`.
        public var edges: String?
        /// Paths of the columns of each row's bounding box, by `xmin`, `ymin`, `xmax`, `ymax`.
        public var covering: [String: [String]]?

        public init() {}
    }

    public var version = "1.1.0"
    public var primaryColumn = "geometry"
    public var columns: [String: Column] = [:]

    public init() {}

    public init?(_ json: JSONValue) {
        guard let object = json.object, let columns = object["columns"]?.object else { return nil }
        // Files from before version 1.0 name neither.
        version = object["version"]?.string ?? object["schema_version"]?.string ?? ""
        primaryColumn = object["primary_column"]?.string ?? "geometry"
        for member in columns {
            var column = Column()
            column.encoding = member.value["encoding"]?.string ?? "WKB"
            column.geometryTypes = (member.value["geometry_types"]?.array ?? []).compactMap(\.string)
            let bbox = (member.value["bbox"]?.array ?? []).compactMap(\.double)
            column.bbox = bbox.count == 4 || bbox.count == 6 ? bbox : nil
            column.crs = member.value["crs"]
            column.edges = member.value["edges"]?.string
            column.covering = member.value["covering"]?["bbox"]?.object.map { covering in
                covering.reduce(into: [:]) { $0[$1.name] = ($1.value.array ?? []).compactMap(\.string) }
            }
            self.columns[member.name] = column
        }
    }

    public var json: JSONValue {
        var members = JSONObject()
        for (name, column) in columns.sorted(by: { $0.key < $1.key }) {
            var object: JSONObject = [
                "encoding": .string(column.encoding),
                "geometry_types": .array(column.geometryTypes.map { .string($0) }),
            ]
            if let bbox = column.bbox { object["bbox"] = .array(bbox.map { JSONValue($0) }) }
            if let crs = column.crs { object["crs"] = crs }
            if let edges = column.edges { object["edges"] = .string(edges) }
            if let covering = column.covering {
                var box = JSONObject()
                for side in ["xmin", "ymin", "zmin", "xmax", "ymax", "zmax"] {
                    guard let path = covering[side] else { continue }
                    box[side] = .array(path.map { .string($0) })
                }
                object["covering"] = ["bbox": .object(box)]
            }
            members[name] = .object(object)
        }
        return ["version": .string(version), "primary_column": .string(primaryColumn), "columns": .object(members)]
    }
}
