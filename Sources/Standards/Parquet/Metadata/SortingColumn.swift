/// One of the columns that the rows of a row group are sorted by.
public struct SortingColumn: Hashable, Sendable {
    /// Position among the columns.
    public var columnIndex: Int
    public var isDescending: Bool
    public var areNullsFirst: Bool

    public init(columnIndex: Int, isDescending: Bool = false, areNullsFirst: Bool = false) {
        self.columnIndex = columnIndex
        self.isDescending = isDescending
        self.areNullsFirst = areNullsFirst
    }
}

extension SortingColumn: ThriftStructure {
    init(from reader: inout ThriftCompactReader) throws(ParquetError) {
        self.init(columnIndex: 0)
        var fields = try reader.openStructure()
        while let field = try reader.next(&fields) {
            switch field.id {
            case 1: columnIndex = Int(try reader.int32(field))
            case 2: isDescending = try reader.bool(field)
            case 3: areNullsFirst = try reader.bool(field)
            default: try reader.skip(field)
            }
        }
    }

    func writeFields(to writer: inout ThriftCompactWriter) {
        writer.field(1, Int32(clamping: columnIndex))
        writer.field(2, isDescending)
        writer.field(3, areNullsFirst)
    }
}
