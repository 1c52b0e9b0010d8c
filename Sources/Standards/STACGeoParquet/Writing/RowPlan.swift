/// The plan for writing rows: the columns as a tree, with the levels that values have in a file.
///
/// Nodes lie in memory that is never moved and refer to each other by index: reading them counts no references.
///
/// Source: [Parquet, nested encoding](https://parquet.apache.org/docs/file-format/nestedencoding/).
final class RowPlan {
    struct Node {
        enum Kind {
            case bool, integer, double, string, json, time, geometry
            /// `first` is the element's node.
            case list
            /// The members' nodes start at `first`.
            case structure
        }

        var kind: Kind
        var meansNull: Bool
        /// Of a present value; for a list, of an empty one.
        var definitionLevel: Int
        /// Of the second and later elements of a list; otherwise that of the list around.
        var repetitionLevel: Int
        /// Columns of the node and all below it.
        var leaves: Range<Int>
        var first = 0
        /// Of a structure: how many members it has.
        var memberCount = 0
        /// The field's name among `names`.
        var name: Range<Int>
        /// Of a structure: the index of its table. Of a time: the index of its format.
        var detail = 0
    }

    let nodes: UnsafeBufferPointer<Node>
    /// UTF-8 of all names, one behind the other.
    let names: UnsafeBufferPointer<UInt8>
    /// The members of structures, for lookups when members are out of order.
    let tables: [MemberTable]
    let formats: [TimeFormat]
    let leafCount: Int

    /// - Parameter start: The fields from here on get a table together, the first: they are members of one object.
    init(_ fields: [ColumnType.Field], groupedFrom start: Int) {
        var builder = Builder()
        builder.addTable(fields[start...])
        _ = builder.append(fields, definitionLevel: 0, repetitionLevel: 0)
        nodes = Self.fixed(builder.nodes)
        names = Self.fixed(builder.names)
        tables = builder.tables
        formats = builder.formats
        leafCount = builder.leafCount
    }

    deinit {
        nodes.deallocate()
        names.deallocate()
    }

    private static func fixed<Element>(_ elements: [Element]) -> UnsafeBufferPointer<Element> {
        let buffer = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
        _ = buffer.initialize(from: elements)
        return UnsafeBufferPointer(buffer)
    }
}

private struct Builder {
    var nodes: [RowPlan.Node] = []
    var names: [UInt8] = []
    var tables: [MemberTable] = []
    var formats: [TimeFormat] = []
    var leafCount = 0

    mutating func addTable(_ fields: ArraySlice<ColumnType.Field>) {
        var table = MemberTable()
        for field in fields { _ = table.append(field.name) }
        tables.append(table)
    }

    /// Members are adjacent; their descendants follow.
    mutating func append(
        _ fields: [ColumnType.Field], definitionLevel: Int, repetitionLevel: Int
    ) -> Range<Int> {
        let range = nodes.count..<nodes.count + fields.count
        for field in fields {
            let start = names.count
            names.append(contentsOf: field.name.utf8)
            nodes.append(
                RowPlan.Node(
                    kind: .string, meansNull: field.meansNull, definitionLevel: definitionLevel + 1,
                    repetitionLevel: repetitionLevel, leaves: 0..<0, name: start..<names.count))
        }
        for (slot, field) in zip(range, fields) { complete(slot, field.type) }
        return range
    }

    private mutating func complete(_ slot: Int, _ type: ColumnType) {
        let firstLeaf = leafCount
        var node = nodes[slot]
        switch type {
        case .list(let element):
            node.kind = .list
            node.repetitionLevel += 1
            let field = ColumnType.Field(name: "element", type: element, meansNull: true)
            node.first =
                append([field], definitionLevel: node.definitionLevel + 1, repetitionLevel: node.repetitionLevel)
                .lowerBound
        case .structure(let fields):
            node.kind = .structure
            node.detail = tables.count
            node.memberCount = fields.count
            addTable(fields[...])
            node.first =
                append(fields, definitionLevel: node.definitionLevel, repetitionLevel: node.repetitionLevel).lowerBound
        case .time(let format):
            node.kind = .time
            node.detail = formats.count
            formats.append(format)
            leafCount += 1
        case .bool: (node.kind, leafCount) = (.bool, leafCount + 1)
        case .integer: (node.kind, leafCount) = (.integer, leafCount + 1)
        case .double: (node.kind, leafCount) = (.double, leafCount + 1)
        case .string: (node.kind, leafCount) = (.string, leafCount + 1)
        case .json: (node.kind, leafCount) = (.json, leafCount + 1)
        case .geometry: (node.kind, leafCount) = (.geometry, leafCount + 1)
        }
        node.leaves = firstLeaf..<leafCount
        nodes[slot] = node
    }
}
