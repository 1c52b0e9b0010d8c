import JSON
public import Parquet

extension GeoMetadata.Column {
    /// The name of the coordinates' reference system, when it is another one than WGS 84 in longitude and latitude;
    /// `nil` when it is that, or not stated.
    public var foreignReferenceSystem: String? { crs.flatMap(ReferenceSystem.foreignName) }
}

extension ParquetFile {
    /// As `GeoMetadata.Column.foreignReferenceSystem`, also of a column of Parquet's own type for geometries.
    ///
    /// - Parameter geo: The file's metadata, if any.
    public func foreignReferenceSystem(ofColumn name: String, _ geo: GeoMetadata?) -> String? {
        if let crs = geo?.columns[name]?.crs { return ReferenceSystem.foreignName(crs) }
        switch schema.leaf(at: [name])?.logicalType {
        case .geometry(let crs?), .geography(let crs?, _):
            let json = crs.hasPrefix("projjson:") ? metadata.value(forKey: String(crs.dropFirst(9))) ?? crs : crs
            return ReferenceSystem.foreignName(
                (try? JSONValue(parsing: json)).flatMap { $0.object == nil ? nil : $0 } ?? .string(crs))
        default: return nil
        }
    }
}

/// The spellings of a reference system in GeoParquet: PROJJSON; text in files from before version 1.0 and in Parquet's
/// own types.
///
/// Sources: [GeoParquet 1.1.0, crs](https://geoparquet.org/releases/v1.1.0/),
/// [PROJJSON](https://proj.org/en/stable/specifications/projjson.html),
/// [Parquet, geospatial types](https://github.com/apache/parquet-format/blob/master/Geospatial.md#crs-customization).
private enum ReferenceSystem {
    /// WGS 84 in two and in three dimensions. Coordinates are x, y in files, whatever the order of the axes.
    private static let codes: Set<String> = ["OGC:CRS84", "OGC:CRS84H", "EPSG:4326", "EPSG:4979", "SRID:4326"]

    static func foreignName(_ crs: JSONValue) -> String? {
        if let text = crs.string { return isGeographic(text: text) ? nil : shortened(text) }
        guard let object = crs.object, !object.isEmpty else { return nil }
        let name = object["name"]?.string
        if let code = code(object["id"]) ?? code(object["ids"]?[0]) {
            guard !codes.contains(code.uppercased()) else { return nil }
            return name.map { "\(code) (\(shortened($0)))" } ?? code
        }
        let isGeographic = object["type"]?.string?.hasPrefix("Geographic") ?? false
        if isGeographic, let name, isWGS84(name) { return nil }
        return name.map(shortened) ?? "a reference system without a name"
    }

    private static func code(_ id: JSONValue?) -> String? {
        guard let authority = id?["authority"]?.string, let code = id?["code"] else { return nil }
        return "\(authority):\(code.string ?? code.jsonText)"
    }

    /// A code, or well-known text.
    private static func isGeographic(text: String) -> Bool {
        let text = text.uppercased()
        if codes.contains(text) || text == "WGS84" { return true }
        if text.hasPrefix("URN:OGC:DEF:CRS:") {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            return parts.count == 7 && codes.contains("\(parts[4]):\(parts[6])")
        }
        return text.hasPrefix("GEOG") && (text.contains("WGS 84") || text.contains("WGS_1984"))
    }

    private static func isWGS84(_ name: String) -> Bool {
        let name = name.uppercased()
        return name.hasPrefix("WGS 84") || name.hasPrefix("WGS84") || name.hasPrefix("GCS_WGS_1984")
    }

    private static func shortened(_ text: String) -> String {
        text.utf8.count <= 80 ? text : String(decoding: text.utf8.prefix(80), as: UTF8.self) + "…"
    }
}
