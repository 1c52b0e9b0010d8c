/// Iterates over the values of one column.
struct ColumnCursor {
    private let leaf: SchemaLeaf
    private let column: ColumnValues
    private let maxDefinitionLevel: UInt8
    private var level = 0
    private var value = 0

    init(_ leaf: SchemaLeaf, _ column: ColumnValues) {
        self.leaf = leaf
        self.column = column
        maxDefinitionLevel = UInt8(leaf.maxDefinitionLevel)
    }

    var isAtEnd: Bool { level == column.levelCount }

    /// Of the next value; that of columns without levels is the maximum.
    func definitionLevel() throws(ParquetError) -> UInt8 {
        guard !isAtEnd else { throw .truncated(.columnChunk, needed: level + 1, available: level) }
        return column.definitionLevels.map { $0[level] } ?? maxDefinitionLevel
    }

    /// Of the next value; 0 at the end.
    var repetitionLevel: UInt8 {
        isAtEnd ? 0 : column.repetitionLevels.map { $0[level] } ?? 0
    }

    mutating func skip() throws(ParquetError) {
        if try definitionLevel() == maxDefinitionLevel { value += 1 }
        level += 1
    }

    mutating func take() throws(ParquetError) -> ParquetValue {
        guard try definitionLevel() == maxDefinitionLevel else {
            throw .malformed(.levels, "no value where the other columns of its record have one")
        }
        defer {
            level += 1
            value += 1
        }
        return ParquetValue(column.values, at: value, leaf)
    }
}
