/// The fields of a file, and the columns that they amount to.
public struct FileSchema: Hashable, Sendable {
    /// Name of the root, which means nothing; writers have their own.
    public var name: String
    public let children: [SchemaNode]
    /// Columns in the order in which they stand in each row group.
    public let leaves: [SchemaLeaf]

    public init(name: String = "schema", children: [SchemaNode]) {
        self.name = name
        self.children = children
        var leaves: [SchemaLeaf] = []
        for child in children { Self.append(child, path: [], 0, 0, to: &leaves) }
        self.leaves = leaves
    }

    /// The column at `path`, which are the names of the fields from the root down.
    public func leaf(at path: [String]) -> SchemaLeaf? { leaves.first { $0.path == path } }

    private static func append(
        _ node: SchemaNode, path: [String], _ definitionLevel: Int, _ repetitionLevel: Int,
        to leaves: inout [SchemaLeaf]
    ) {
        let path = path + [node.name]
        let definitionLevel = definitionLevel + (node.repetition == .required ? 0 : 1)
        let repetitionLevel = repetitionLevel + (node.repetition == .repeated ? 1 : 0)
        switch node.kind {
        case .primitive(let physicalType, let typeLength):
            leaves.append(
                SchemaLeaf(
                    index: leaves.count, path: path, physicalType: physicalType, typeLength: typeLength,
                    logicalType: node.logicalType, convertedType: node.convertedType,
                    maxDefinitionLevel: definitionLevel, maxRepetitionLevel: repetitionLevel))
        case .group(let children):
            for child in children { append(child, path: path, definitionLevel, repetitionLevel, to: &leaves) }
        }
    }
}

/// One column of a file.
public struct SchemaLeaf: Hashable, Sendable {
    /// Position among the columns of each row group.
    public let index: Int
    /// Names of the fields from the root down.
    public let path: [String]
    public let physicalType: PhysicalType
    /// Of a fixed-length byte array, in bytes; otherwise `nil`.
    public let typeLength: Int?
    public let logicalType: LogicalType?
    /// Number of the old annotation, if any.
    public let convertedType: Int32?
    /// The definition level of a present value; lower ones identify the missing field of the path.
    public let maxDefinitionLevel: Int
    /// Number of repeated fields in the path.
    public let maxRepetitionLevel: Int
}
