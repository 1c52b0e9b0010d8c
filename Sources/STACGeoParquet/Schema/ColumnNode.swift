/// A column type with the levels that its values have in a file: what rows are taken apart by.
///
/// Source: [Parquet, nested encoding](https://parquet.apache.org/docs/file-format/nestedencoding/).
final class ColumnNode: Sendable {
    enum Kind: Sendable {
        /// A column of its own: `leaves.lowerBound`.
        case leaf(ColumnType)
        case list(ColumnNode)
        /// - `firstStamp`: The place of the first member among the marks of members that have been met.
        case structure(MemberTable, [ColumnNode], firstStamp: Int)
    }

    let kind: Kind
    /// Of a value that is there; for a list, of an empty one.
    let definitionLevel: Int
    /// Of the second and later elements of a list; otherwise that of the list around.
    let repetitionLevel: Int
    let leaves: Range<Int>
    let meansNull: Bool

    /// Hands out numbers while a tree is built.
    struct Counters {
        var leaf = 0
        var stamp = 0
    }

    init(
        _ field: ColumnType.Field, parentDefinitionLevel: Int = 0, parentRepetitionLevel: Int = 0,
        _ counters: inout Counters
    ) {
        let firstLeaf = counters.leaf
        // All fields are optional.
        definitionLevel = parentDefinitionLevel + 1
        meansNull = field.meansNull
        switch field.type {
        case .list(let element):
            repetitionLevel = parentRepetitionLevel + 1
            kind = .list(
                ColumnNode(
                    ColumnType.Field(name: "element", type: element, meansNull: true),
                    parentDefinitionLevel: definitionLevel + 1, parentRepetitionLevel: repetitionLevel, &counters))
        case .structure(let fields):
            repetitionLevel = parentRepetitionLevel
            var table = MemberTable()
            for field in fields { _ = table.append(field.name) }
            let firstStamp = counters.stamp
            counters.stamp += fields.count
            var nodes: [ColumnNode] = []
            for field in fields {
                nodes.append(
                    ColumnNode(
                        field, parentDefinitionLevel: definitionLevel, parentRepetitionLevel: repetitionLevel,
                        &counters))
            }
            kind = .structure(table, nodes, firstStamp: firstStamp)
        default:
            repetitionLevel = parentRepetitionLevel
            kind = .leaf(field.type)
            counters.leaf += 1
        }
        leaves = firstLeaf..<counters.leaf
    }
}
