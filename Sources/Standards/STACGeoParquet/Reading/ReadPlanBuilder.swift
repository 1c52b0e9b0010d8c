import GeoParquet
import JSON
import Parquet

/// Finds the parts of Items among the columns of a file.
struct ReadPlanBuilder {
    private(set) var nodes: [ReadPlan.Node] = []
    private(set) var texts: [UInt8] = []
    private(set) var steps: [ReadPlan.Step] = []
    private(set) var formats: [LeafFormat?]
    private(set) var overflow: Int?

    private let schema: FileSchema
    /// Of a file of this library; `nil`: by the rules of stac-geoparquet.
    private let columnMetadata: ColumnMetadata?
    private let geo: GeoMetadata?
    private let names: Set<String>?
    private let partitions: HivePartitions
    private var null = 0..<0

    /// A field at the top of the schema.
    private struct Column {
        let name: String
        let shape: RecordShape
    }

    /// - Parameter names: Members of Items and of `properties` that are read, with the id; all when `nil`.
    init(_ file: ParquetFile, names: Set<String>?, _ partitions: HivePartitions) throws(ItemFileError) {
        schema = file.schema
        self.names = names?.union(["id"])
        formats = Array(repeating: nil, count: file.schema.leaves.count)
        func json(_ key: String) -> JSONValue? {
            file.metadata.value(forKey: key).flatMap { try? JSONValue(parsing: $0) }
        }
        columnMetadata = json(ColumnMetadata.key).flatMap { ColumnMetadata($0) }
        // Our own files have a column for everything.
        self.partitions = columnMetadata == nil ? partitions : .none
        geo = json(GeoMetadata.key).flatMap { GeoMetadata($0) }
        null = text("null")
        let columns = Self.columns(schema)
        guard columns.contains(where: { $0.name == "id" }) else {
            throw ItemFileError("no column \"id\": this is not a file of Items")
        }
        if let column = geo?.columns[geometryName(columns)], column.encoding.uppercased() != "WKB" {
            throw ItemFileError(column: [geometryName(columns)], "geometries as \(column.encoding), not as WKB")
        }
        if let crs = file.foreignReferenceSystem(ofColumn: geometryName(columns), geo) {
            throw ItemFileError(
                column: [geometryName(columns)],
                "the coordinates are in \(crs), not longitudes and latitudes on WGS 84: reproject the file first, as by "
                    + "ogr2ogr -t_srs OGC:CRS84, or by to_crs(\"OGC:CRS84\") of GeoPandas")
        }
        addItem(columns)
    }

    private static func columns(_ schema: FileSchema) -> [Column] {
        var firstLeaf = 0
        return schema.children.map { child in
            let shape = RecordShapeBuilder.shape(child, of: schema, firstLeaf: firstLeaf)
            firstLeaf = shape.columns.upperBound
            return Column(name: child.name, shape: shape)
        }
    }

    var repeatedLeaves: [Int] {
        schema.leaves.indices.filter { schema.leaves[$0].maxRepetitionLevel > 0 && formats[$0] != nil }
    }

    // MARK: Item

    private func geometryName(_ columns: [Column]) -> String {
        guard columnMetadata == nil, !columns.contains(where: { $0.name == "geometry" }), let geo else {
            return "geometry"
        }
        return geo.primaryColumn
    }

    private func isRead(_ name: String) -> Bool { names?.contains(name) ?? true }

    private mutating func addItem(_ columns: [Column]) {
        let geometryName = geometryName(columns)
        for name in ["type", "stac_version", "stac_extensions", "id", "geometry", "bbox"] where isRead(name) {
            addMember(name, columns.first { $0.name == (name == "geometry" ? geometryName : name) })
        }
        var taken = Set(ItemShape.topNames + [geometryName])
        if let covering = geo?.columns[geometryName]?.covering?["xmin"]?.first, columnMetadata == nil {
            taken.insert(covering)
        }
        addProperties(columns.filter { !taken.contains($0.name) })
        for name in ["links", "assets", "collection"] where isRead(name) {
            addMember(name, columns.first { $0.name == name })
        }
    }

    private mutating func addMember(_ name: String, _ column: Column?) {
        // The members that the specification requires.
        let missing: StaticString? =
            switch name {
            case "geometry": "null"
            case "type" where columnMetadata == nil: "\"Feature\""
            case "links" where columnMetadata == nil: "[]"
            case "assets" where columnMetadata == nil: "{}"
            default: nil
            }
        let value = missing.map { text("\($0)") } ?? 0..<0
        guard let column else {
            if name == "collection", let value = partitions.values[name] {
                steps.append(
                    .constant(text("\"\(name)\":\(JSONValue.string(value.string ?? value.jsonText).jsonText)")))
            } else if let missing {
                steps.append(.constant(text("\"\(name)\":\(missing)")))
            }
            return
        }
        let slot = nodes.count
        nodes.append(ReadPlan.Node())
        complete(slot, name, column.shape, [column.name], level: 0)
        nodes[slot].missing = value
        steps.append(.member(slot))
        guard name == "assets", columnMetadata == nil, nodes[slot].kind == .structure else { return }
        for member in nodes[slot].first..<nodes[slot].first + nodes[slot].memberCount {
            nodes[member].isDroppedWhenEmpty = true
        }
    }

    private mutating func addProperties(_ columns: [Column]) {
        var members: [(name: String, shape: RecordShape, path: [String])] = []
        for column in columns {
            if columnMetadata != nil, column.name == ItemShape.overflowName,
                case .optional(.leaf(let leaf, _), _, _) = column.shape
            {
                guard isRead(ItemShape.overflowName) else { continue }
                overflow = leaf
                formats[leaf] = .text(.json)
            } else if columnMetadata == nil, column.name == "properties", let fields = column.shape.fields {
                members += fields.map { ($0.name, $0.shape, [column.name, $0.name]) }
            } else {
                members.append((column.name, column.shape, [column.name]))
            }
        }
        if !isRead("properties") { members.removeAll { !isRead($0.name) } }
        if columnMetadata == nil {
            // Row numbers that pandas leaves behind.
            members.removeAll { $0.name.hasPrefix("__index_level_") }
        }
        let slots = nodes.count..<nodes.count + members.count
        nodes += members.map { _ in ReadPlan.Node() }
        for (slot, member) in zip(slots, members) {
            complete(slot, member.name, member.shape, member.path, level: 0)
            if member.name == "datetime" { nodes[slot].missing = null }
        }
        var constants = partitions.values
        if columnMetadata == nil, constants["datetime"] == nil { constants["datetime"] = .null }
        steps.append(.constant(text("\"properties\":{")))
        for (name, value) in constants.sorted(by: { $0.key < $1.key })
        where !members.contains(where: { $0.name == name }) && !ItemShape.topNames.contains(name)
            && (isRead("properties") || isRead(name))
        {
            steps.append(.constant(text(JSONValue.object([name: value]).jsonText.dropFirst().dropLast())))
        }
        steps.append(.properties(slots))
    }

    // MARK: Nodes

    private mutating func text(_ text: some StringProtocol) -> Range<Int> {
        let start = texts.count
        texts.append(contentsOf: text.utf8)
        return start..<texts.count
    }

    private mutating func key(_ name: String) -> Range<Int> {
        let start = texts.count
        writeJSONString(name, to: &texts)
        texts.append(UInt8(ascii: ":"))
        return start..<texts.count
    }

    /// - Parameter level: Least definition level at which the node's value is present.
    private mutating func complete(
        _ slot: Int, _ name: String, _ shape: RecordShape, _ path: [String], level: UInt8
    ) {
        if case .optional(let inner, let level, _) = shape {
            return complete(slot, name, inner, path, level: level)
        }
        var node = ReadPlan.Node()
        node.definitionLevel = level
        node.leaves = shape.columns
        node.key = key(name)
        if columnMetadata?.nulls.contains(path) ?? false { node.missing = null }
        switch shape {
        case .optional: break
        case .leaf(let column, let leaf): formats[column] = format(leaf, path)
        case .structure(let fields, _):
            let isBox = path == ["bbox"]
            let members = isBox ? Self.boxMembers(fields) ?? fields : fields
            node.kind = isBox && Self.boxMembers(fields) != nil ? .box : .structure
            node.first = nodes.count
            node.memberCount = members.count
            nodes += members.map { _ in ReadPlan.Node() }
            for (index, member) in members.enumerated() {
                // Below a required group the members are there when the group is.
                complete(node.first + index, member.name, member.shape, path + [member.name], level: level)
            }
        case .list(let element, let entryLevel, let repetitionLevel, _):
            node.kind = .list
            (node.entryLevel, node.repetitionLevel) = (entryLevel, repetitionLevel)
            node.first = nodes.count
            nodes.append(ReadPlan.Node())
            complete(node.first, "element", element, path + ["element"], level: entryLevel)
            nodes[node.first].missing = null
        case .map(let key, let value, let entryLevel, let repetitionLevel, _):
            node.kind = .map
            (node.entryLevel, node.repetitionLevel) = (entryLevel, repetitionLevel)
            node.first = nodes.count
            node.memberCount = value == nil ? 1 : 2
            nodes += [ReadPlan.Node(), ReadPlan.Node()]
            complete(node.first, "key", key, path + ["key"], level: entryLevel)
            if let value { complete(node.first + 1, "value", value, path + ["value"], level: entryLevel) }
        }
        nodes[slot] = node
    }

    /// The fields of a bounding box in its order, independent of the file's; `nil` when it is none.
    private static func boxMembers(_ fields: [RecordField]) -> [RecordField]? {
        for names in [BoundingBoxColumns.names, BoundingBoxColumns.namesWithHeights] where fields.count == names.count {
            let members = names.compactMap { name in fields.first { $0.name == name } }
            let areNumbers = members.allSatisfy { member in
                switch member.shape.leaf?.physicalType {
                case .double, .float: true
                default: false
                }
            }
            if members.count == names.count, areNumbers { return members }
        }
        return nil
    }

    private func format(_ leaf: SchemaLeaf, _ path: [String]) -> LeafFormat {
        let isText =
            switch leaf.logicalType {
            case .string, .enumeration, .json: true
            default: false
            }
        if leaf.physicalType == .byteArray, !isText, isGeometry(leaf, path) { return .text(.geometry) }
        if leaf.physicalType == .byteArray, columnMetadata?.json.contains(path) ?? isJSON(path) { return .text(.json) }
        return LeafFormat(leaf, columnMetadata?.times[path])
    }

    private func isGeometry(_ leaf: SchemaLeaf, _ path: [String]) -> Bool {
        switch leaf.logicalType {
        case .geometry, .geography: return true
        default: break
        }
        if path == ["geometry"] || path.last == "proj:geometry" { return true }
        return path.count == 1 && geo?.columns[path[0]] != nil
    }

    /// Members of an Item that cannot be text: it is JSON then, which some writers prefer to columns.
    private func isJSON(_ path: [String]) -> Bool {
        path.count == 1 && ["assets", "links", "bbox", "geometry", "stac_extensions"].contains(path[0])
    }
}

extension RecordShape {
    fileprivate var fields: [RecordField]? {
        switch self {
        case .structure(let fields, _): fields
        case .optional(let shape, _, _): shape.fields
        default: nil
        }
    }

    fileprivate var leaf: SchemaLeaf? {
        switch self {
        case .leaf(_, let leaf): leaf
        case .optional(let shape, _, _): shape.leaf
        default: nil
        }
    }
}
