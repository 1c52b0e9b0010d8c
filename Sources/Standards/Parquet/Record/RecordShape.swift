/// The structure of a field's value, from the columns below it.
package indirect enum RecordShape {
    /// - `column`: Position among the columns that are read.
    case leaf(column: Int, SchemaLeaf)
    case structure([RecordField], columns: Range<Int>)
    /// `level`: Definition level from which on the value is not null.
    case optional(RecordShape, level: UInt8, columns: Range<Int>)
    /// - `definitionLevel`: From which on the list has an element.
    /// - `repetitionLevel`: At which another element of the same list follows.
    case list(RecordShape, definitionLevel: UInt8, repetitionLevel: UInt8, columns: Range<Int>)
    case map(
        key: RecordShape, value: RecordShape?, definitionLevel: UInt8, repetitionLevel: UInt8, columns: Range<Int>)

    /// Indices of its columns in the file.
    package var columns: Range<Int> {
        switch self {
        case .leaf(let column, _): column..<column + 1
        case .structure(_, let columns), .optional(_, _, let columns), .list(_, _, _, let columns),
            .map(_, _, _, _, let columns):
            columns
        }
    }
}

/// One member of a structure, or of the rows.
package struct RecordField {
    package let name: String
    package let shape: RecordShape
}
