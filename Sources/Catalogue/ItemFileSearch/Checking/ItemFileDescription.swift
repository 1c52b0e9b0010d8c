import GeoParquet
import JSON
public import Parquet
import STACGeoParquet
import Temporal

/// The contents of a file of Items, from its footer alone.
public struct ItemFileDescription: Sendable {
    public struct Column: Sendable {
        /// Names from the top down, joined by dots.
        public let name: String
        public let type: String
        /// Whether its text is JSON.
        public let isJSON: Bool
    }

    public let rowCount: Int
    public let rowGroupCount: Int
    public let byteCount: Int
    /// Before compression.
    public let uncompressedByteCount: Int
    public let createdBy: String?
    public let columns: [Column]
    public let geoVersion: String?
    public let geometryTypes: [String]
    /// West, south, east, north of all boxes, ignoring the antimeridian.
    public let box: [Double]?
    public let times: (first: String, last: String)?

    /// - Throws: `ParquetError` when the footer cannot be read.
    public init(_ source: some ByteSource) throws(ParquetError) {
        let file = try ParquetFile(source)
        func json(_ key: String) -> JSONValue? {
            file.metadata.value(forKey: key).flatMap { try? JSONValue(parsing: $0) }
        }
        let notes = json(ColumnMetadata.key).flatMap { ColumnMetadata($0) }
        let geo = json(GeoMetadata.key).flatMap { GeoMetadata($0) }
        rowCount = file.metadata.rowCount
        rowGroupCount = file.rowGroups.count
        byteCount = source.byteCount
        uncompressedByteCount = file.rowGroups.reduce(0) { $0 &+ $1.totalByteCount }
        createdBy = file.metadata.createdBy
        let jsonFields = notes?.jsonFields ?? []
        columns = file.schema.leaves.map { leaf in
            Column(
                name: leaf.path.joined(separator: "."),
                type: leaf.logicalType.map { "\($0)" } ?? "\(leaf.physicalType)",
                isJSON: leaf.path.count == 1 && jsonFields.contains(leaf.path[0]) || leaf.logicalType == .json)
        }
        geoVersion = geo?.version
        geometryTypes = geo.flatMap { $0.columns[$0.primaryColumn]?.geometryTypes } ?? []
        box = try Self.box(file) ?? geo.flatMap { $0.columns[$0.primaryColumn]?.bbox } ?? notes?.box
        times = try Self.times(file)
    }

    private static func box(_ file: ParquetFile) throws(ParquetError) -> [Double]? {
        var box: [Double] = []
        for side in ["xmin", "ymin", "xmax", "ymax"] {
            guard let leaf = file.schema.leaf(at: ["bbox", side]),
                let bound = try bound(leaf, file, isMinimum: side.hasSuffix("min")), case .double(let value) = bound
            else { return nil }
            box.append(value)
        }
        return box
    }

    private static func times(_ file: ParquetFile) throws(ParquetError) -> (String, String)? {
        guard let leaf = file.schema.leaf(at: ["datetime"]), let unit = leaf.timestampUnitsPerSecond,
            case .integer(let first)? = try bound(leaf, file, isMinimum: true),
            case .integer(let last)? = try bound(leaf, file, isMinimum: false)
        else { return nil }
        func text(_ value: Int64) -> String {
            Timestamp(microseconds: microseconds(value, unitsPerSecond: unit)).description
        }
        return (text(first), text(last))
    }

    /// Over all row groups; `nil` if one has no value.
    private static func bound(
        _ leaf: SchemaLeaf, _ file: ParquetFile, isMinimum: Bool
    ) throws(ParquetError) -> BoundValue? {
        var result: BoundValue?
        for rowGroup in file.rowGroups.indices {
            guard let bounds = try file.bounds(leaf, rowGroup: rowGroup) else { return nil }
            if bounds.isAllNull { continue }
            guard let value = isMinimum ? bounds.minimum : bounds.maximum else { return nil }
            guard let known = result else {
                result = value
                continue
            }
            if (isMinimum ? value.isLess(than: known) : known.isLess(than: value)) == true { result = value }
        }
        return result
    }
}
