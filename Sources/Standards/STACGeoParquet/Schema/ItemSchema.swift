import Geo
public import Parquet

/// The columns of a collection's files: those of every Item, one for each property, one for each member of each asset.
///
/// Source: [stac-geoparquet 1.1.0](
/// https://github.com/stac-utils/stac-geoparquet/blob/main/spec/stac-geoparquet-spec.md).
public struct ItemSchema: Sendable, Hashable {
    /// Files with more columns are slow to open, and few readers display them: when there would be more, members of
    /// assets, then of other properties, are stored as JSON text.
    public static let columnLimit = 4096

    static let linksIndex = 6
    static let assetsIndex = 7

    /// Of the Item itself.
    let top: [ColumnType.Field]
    /// Of its properties, which are columns as well.
    let properties: [ColumnType.Field]
    let hasHeights: Bool
    public let hasOverflow: Bool
    /// Whether Items have properties beyond the columns, there being too many names: the overflow column holds them.
    let isOpen: Bool
    public let fileSchema: FileSchema

    /// The columns that can hold all Items of a shape.
    public init(_ shape: ItemShape, assets layout: AssetLayout = .columns) {
        var assets = layout == .text ? .json : shape.assets.resolved ?? .json
        var properties = Self.properties(of: shape)
        let used = properties.reduce(20) { $0 + $1.type.leafCount }
        if used + assets.leafCount > Self.columnLimit { assets = .json }
        while let widest = properties.indices.max(by: {
            properties[$0].type.leafCount < properties[$1].type.leafCount
        }), properties.reduce(20, { $0 + $1.type.leafCount }) + assets.leafCount > Self.columnLimit {
            guard properties[widest].type.leafCount > 1 else { break }
            properties[widest].type = .json
        }
        let collidingNames = shape.properties.table.names.filter { Self.isReserved($0) }
        let isLossy =
            shape.hasIrregularItems || shape.lacksTimes || !collidingNames.isEmpty
            || shape.properties.hasLossyMembers
            || shape.properties.leavesOut
            || shape.assets.isLossy && assets != .json || shape.links.isLossy
        self.init(
            links: shape.links.resolved ?? .json, assets: assets, properties: properties,
            hasHeights: shape.hasHeights, hasOverflow: isLossy, isOpen: shape.properties.leavesOut)
    }

    init(
        links: ColumnType, assets: ColumnType, properties: [ColumnType.Field], hasHeights: Bool, hasOverflow: Bool,
        isOpen: Bool
    ) {
        self.isOpen = isOpen
        self.properties = properties
        self.hasHeights = hasHeights
        self.hasOverflow = hasOverflow
        top = [
            ColumnType.Field(name: "type", type: .string),
            ColumnType.Field(name: "stac_version", type: .string),
            ColumnType.Field(name: "stac_extensions", type: .list(.string)),
            ColumnType.Field(name: "id", type: .string),
            ColumnType.Field(name: "geometry", type: .geometry, meansNull: true),
            ColumnType.Field(name: "bbox", type: BoundingBoxColumns.type(hasHeights: hasHeights)),
            ColumnType.Field(name: "links", type: links),
            ColumnType.Field(name: "assets", type: assets),
            ColumnType.Field(name: "collection", type: .string),
        ]
        var nodes = (top + properties).map { $0.schemaNode() }
        if hasOverflow {
            nodes.append(ColumnType.Field(name: ItemShape.overflowName, type: .string).schemaNode())
        }
        fileSchema = FileSchema(children: nodes)
    }

    /// A schema that can hold the Items of both.
    public func union(_ other: ItemSchema) -> ItemSchema {
        var assets = top[Self.assetsIndex].type.union(other.top[Self.assetsIndex].type)
        let properties = properties.union(other.properties)
        if properties.reduce(20, { $0 + $1.type.leafCount }) + assets.leafCount > Self.columnLimit { assets = .json }
        return ItemSchema(
            links: top[Self.linksIndex].type.union(other.top[Self.linksIndex].type), assets: assets,
            properties: properties, hasHeights: hasHeights || other.hasHeights,
            hasOverflow: hasOverflow || other.hasOverflow, isOpen: isOpen || other.isOpen)
    }

    /// Columns that hold JSON text: names from the Item down.
    public var jsonColumns: [String] { ColumnMetadata(self).json.map { $0.joined(separator: ".") }.sorted() }

    private static func properties(of shape: ItemShape) -> [ColumnType.Field] {
        shape.properties.fields.compactMap { field in
            guard !isReserved(field.name) else { return nil }
            var field = field
            // An Item without the time is none, so that nothing can only be null.
            if field.name == "datetime" { field.meansNull = true }
            if field.name == "proj:geometry", case .structure = field.type, shape.hasRegularProjectedGeometries {
                field.type = .geometry
            }
            return field
        }
    }

    /// Whether a property of that name would be taken for something else.
    static func isReserved(_ name: String) -> Bool {
        ItemShape.topNames.contains(name) || name == ItemShape.overflowName
    }
}

extension ColumnType.Field {
    /// The field as a file's schema has it; everything may be missing.
    func schemaNode() -> SchemaNode { type.schemaNode(name: name) }
}

extension ColumnType {
    fileprivate func schemaNode(name: String) -> SchemaNode {
        func primitive(_ type: PhysicalType, _ logicalType: LogicalType? = nil) -> SchemaNode {
            SchemaNode(
                name: name, repetition: .optional, kind: .primitive(type, typeLength: nil), logicalType: logicalType)
        }
        return switch self {
        case .bool: primitive(.boolean)
        case .integer: primitive(.int64)
        case .double: primitive(.double)
        // Plain text also for JSON: readers without that type are many.
        case .string, .json: primitive(.byteArray, .string)
        case .time: primitive(.int64, .timestamp(isAdjustedToUTC: true, unit: .microseconds))
        case .geometry: primitive(.byteArray)
        case .list(let element):
            SchemaNode(
                name: name, repetition: .optional,
                kind: .group([
                    SchemaNode(
                        name: "list", repetition: .repeated, kind: .group([element.schemaNode(name: "element")]))
                ]), logicalType: .list)
        case .structure(let fields):
            SchemaNode(name: name, repetition: .optional, kind: .group(fields.map { $0.schemaNode() }))
        }
    }
}
