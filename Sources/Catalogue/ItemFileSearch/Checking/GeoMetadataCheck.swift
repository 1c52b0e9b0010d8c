import GeoParquet
import JSON
import Parquet

/// Checks the key `geo` of a file.
///
/// Source: [GeoParquet 1.1.0, file metadata](https://geoparquet.org/releases/v1.1.0/).
struct GeoMetadataCheck {
    private let file: ParquetFile

    init(_ file: ParquetFile) {
        self.file = file
    }

    private static let types: Set<String> = [
        "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection",
    ]

    func faults() -> [String] {
        guard let text = file.metadata.value(forKey: GeoMetadata.key) else {
            let isNative = file.schema.leaves.contains { leaf in
                switch leaf.logicalType {
                case .geometry, .geography: true
                default: false
                }
            }
            return isNative ? [] : ["geo: the key is missing"]
        }
        guard let json = try? JSONValue(parsing: text), let object = json.object else {
            return ["geo: not a JSON object"]
        }
        var faults: [String] = []
        if object["version"]?.string == nil { faults.append("geo: version is missing") }
        let primary = object["primary_column"]?.string
        if primary == nil { faults.append("geo: primary_column is missing") }
        guard let columns = object["columns"]?.object, !columns.isEmpty else {
            return faults + ["geo: columns is missing or empty"]
        }
        if let primary, columns[primary] == nil { faults.append("geo: primary_column \(primary) is not among columns") }
        for member in columns {
            faults += self.faults(member.name, member.value, primary: primary).map {
                "geo: column \(member.name): \($0)"
            }
        }
        return faults
    }

    private func faults(_ name: String, _ column: JSONValue, primary: String?) -> [String] {
        var faults: [String] = []
        guard let child = file.schema.children.first(where: { $0.name == name }) else { return ["is not in the file"] }
        if child.repetition == .repeated { faults.append("is repeated") }
        let encoding = column["encoding"]?.string
        if encoding == nil { faults.append("encoding is missing") }
        if encoding == "WKB", file.schema.leaf(at: [name])?.physicalType != .byteArray {
            faults.append("is WKB, but not of bytes")
        }
        if let types = column["geometry_types"]?.array {
            for type in types {
                let text = type.string ?? ""
                let plain = text.hasSuffix(" Z") ? String(text.dropLast(2)) : text
                if !Self.types.contains(plain) { faults.append("geometry_types has \(text)") }
            }
        } else {
            faults.append("geometry_types is missing")
        }
        if let box = column["bbox"], ![4, 6].contains(box.array?.compactMap(\.double).count ?? 0) {
            faults.append("bbox is not four or six numbers")
        }
        if let edges = column["edges"], !["planar", "spherical"].contains(edges.string ?? "") {
            faults.append("edges is neither planar nor spherical")
        }
        if name == primary, let crs = GeoMetadata(["columns": [name: column]])?.columns[name]?.foreignReferenceSystem {
            faults.append("crs is \(crs), not longitude and latitude on WGS 84, as that of Items is")
        }
        guard let covering = column["covering"] else { return faults }
        return faults + coveringFaults(covering)
    }

    private func coveringFaults(_ covering: JSONValue) -> [String] {
        guard let box = covering["bbox"]?.object else { return ["covering has no bbox"] }
        return ["xmin", "ymin", "xmax", "ymax"].compactMap { side in
            guard let path = box[side]?.array?.compactMap(\.string), path.count == 2 else {
                return "covering has no \(side)"
            }
            guard let leaf = file.schema.leaf(at: path), leaf.physicalType == .double || leaf.physicalType == .float
            else {
                return "covering names \(path.joined(separator: ".")), which is no column of numbers"
            }
            return nil
        }
    }
}
