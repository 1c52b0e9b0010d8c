import CQL2SQL
import GeoParquet
import ItemFileSearch
import JSON
import Parquet
import STACGeoParquet

/// The columns that a file has, and their types.
struct FileColumns {
    private(set) var types: [String: SQLColumnType] = [:]
    /// The dotted names of all columns and of the fields in them.
    private(set) var fields: Set<String> = []
    private(set) var hasTextAssets = false
    private(set) var hasBoxes = false

    /// - Parameter path: A file; of a folder or a pattern the first, as databases do.
    /// - Throws: `ItemFileSearchError`, `ParquetError`.
    init(of path: String) throws {
        let file = try ParquetFile(FileByteSource(path: ItemFilePaths.files(of: [path])[0]))
        func json(_ key: String) -> JSONValue? {
            file.metadata.value(forKey: key).flatMap { try? JSONValue(parsing: $0) }
        }
        let geo = json(GeoMetadata.key).flatMap { GeoMetadata($0) }
        let texts = json(ColumnMetadata.key).flatMap { ColumnMetadata($0) }?.jsonFields ?? []
        for node in file.schema.children {
            add(node, "")
            if geo?.columns[node.name] != nil {
                types[node.name] = .geometry
            } else {
                types[node.name] = texts.contains(node.name) ? .json : Self.type(of: node)
            }
        }
        if let assets = file.schema.children.first(where: { $0.name == "assets" }), case .primitive = assets.kind {
            hasTextAssets = true
        }
        // Its members are found by their names, also where they are text.
        types["assets"] = nil
        hasBoxes = ["xmin", "ymin", "xmax", "ymax"].allSatisfy { fields.contains("bbox.\($0)") }
    }

    private mutating func add(_ node: SchemaNode, _ parent: String) {
        let name = parent + node.name
        fields.insert(name)
        guard case .group(let children) = node.kind, node.logicalType == nil else { return }
        for child in children { add(child, name + ".") }
    }

    private static func type(of node: SchemaNode) -> SQLColumnType {
        switch (node.kind, node.logicalType) {
        case (.group(let children), .list): return list(of: children)
        case (.group, _): return .other
        case (.primitive, .json): return .json
        case (.primitive, .timestamp(let isAdjustedToUTC, _)):
            return isAdjustedToUTC ? .timestamp : .timestampWithoutZone
        case (.primitive, .date): return .date
        case (.primitive, .geometry), (.primitive, .geography): return .geometry
        case (.primitive(.boolean, _), _): return .boolean
        case (.primitive(.byteArray, _), .string), (.primitive(.byteArray, _), .enumeration): return .string
        case (.primitive(.int32, _), nil), (.primitive(.int64, _), nil), (.primitive(.float, _), nil),
            (.primitive(.double, _), nil), (.primitive, .integer), (.primitive, .float16), (.primitive, .decimal):
            return .number
        default: return .other
        }
    }

    /// - Parameter children: Of the group that is a list: one, which is repeated.
    private static func list(of children: [SchemaNode]) -> SQLColumnType {
        guard children.count == 1, case .group(let elements) = children[0].kind, elements.count == 1 else {
            return .other
        }
        return switch type(of: elements[0]) {
        case .string: .strings
        case .number: .numbers
        case .boolean: .booleans
        default: .other
        }
    }
}
