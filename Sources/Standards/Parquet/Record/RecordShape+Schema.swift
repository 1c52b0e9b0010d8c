/// Finds lists and maps in a schema, also in the forms of old writers.
///
/// Source: [Nested types](https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#nested-types).
package struct RecordShapeBuilder {
    private let leaves: [SchemaLeaf]
    private var next: Int

    /// - Parameter firstLeaf: Index in `schema` of the first column below the field.
    package static func shape(_ field: SchemaNode, of schema: FileSchema, firstLeaf: Int) -> RecordShape {
        var builder = RecordShapeBuilder(leaves: schema.leaves, next: firstLeaf)
        return builder.shape(field, Depth(definition: 0, repetition: 0))
    }

    /// Levels of a field's parent.
    private struct Depth {
        var definition: UInt8
        var repetition: UInt8
    }

    private mutating func shape(_ node: SchemaNode, _ depth: Depth) -> RecordShape {
        let start = next
        var inner = depth
        switch node.repetition {
        case .required: return present(node, depth)
        case .optional:
            inner.definition += 1
            let shape = present(node, inner)
            return .optional(shape, level: inner.definition, columns: start..<next)
        case .repeated:
            // Without a list around it: a list of its own that cannot be null.
            inner.definition += 1
            inner.repetition += 1
            let shape = present(node, inner)
            return .list(
                shape, definitionLevel: inner.definition, repetitionLevel: inner.repetition, columns: start..<next)
        }
    }

    /// The value of a present field, or of one element of a repeated one.
    private mutating func present(_ node: SchemaNode, _ depth: Depth) -> RecordShape {
        let start = next
        guard case .group(let children) = node.kind else {
            next += 1
            return .leaf(column: start, leaves[start])
        }
        if children.count == 1, children[0].repetition == .repeated {
            let repeated = children[0]
            var inner = depth
            inner.definition += 1
            inner.repetition += 1
            if node.logicalType == .list {
                let element = elementShape(of: repeated, listName: node.name, inner)
                return .list(
                    element, definitionLevel: inner.definition, repetitionLevel: inner.repetition,
                    columns: start..<next)
            }
            if node.logicalType == .map, case .group(let entry) = repeated.kind, (1...2).contains(entry.count) {
                let key = shape(entry[0], inner)
                let value = entry.count == 2 ? shape(entry[1], inner) : nil
                return .map(
                    key: key, value: value, definitionLevel: inner.definition, repetitionLevel: inner.repetition,
                    columns: start..<next)
            }
        }
        let fields = children.map { RecordField(name: $0.name, shape: shape($0, depth)) }
        return .structure(fields, columns: start..<next)
    }

    /// The element of a list: the content of the repeated group, or, from old writers, the repeated field itself.
    private mutating func elementShape(of repeated: SchemaNode, listName: String, _ depth: Depth) -> RecordShape {
        guard case .group(let children) = repeated.kind, children.count == 1, children[0].repetition != .repeated,
            repeated.name != "array", repeated.name != "\(listName)_tuple"
        else { return present(repeated, depth) }
        return shape(children[0], depth)
    }
}
