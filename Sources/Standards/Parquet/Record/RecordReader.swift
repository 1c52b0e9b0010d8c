/// Puts the columns of a row group together to rows, with their lists, maps and structures.
///
///     for row in try RecordReader(file).rows(inRowGroup: 0) { print(row["id"]) }
///
/// For nested data and for convenience: flat columns are faster to read with `ParquetFile.readColumn`.
public struct RecordReader {
    private let file: ParquetFile
    private let recordFields: [RecordField]

    /// - Parameter fields: Names of the fields at the top that rows are to have; all when `nil`.
    public init(_ file: ParquetFile, fields: Set<String>? = nil) {
        self.file = file
        var recordFields: [RecordField] = []
        var firstLeaf = 0
        for child in file.schema.children {
            let shape = RecordShapeBuilder.shape(child, of: file.schema, firstLeaf: firstLeaf)
            firstLeaf = shape.columns.upperBound
            if fields?.contains(child.name) ?? true { recordFields.append(RecordField(name: child.name, shape: shape)) }
        }
        self.recordFields = recordFields
    }

    /// All rows of a row group, or some ranges of them, as structures of the fields.
    ///
    /// - Throws: As `ParquetFile.readColumn`; `ParquetError.malformed` when the columns do not fit together.
    public func rows(inRowGroup rowGroup: Int, _ ranges: [Range<Int>]? = nil) throws(ParquetError) -> [ParquetValue] {
        var cursors: [Int: ColumnCursor] = [:]
        for field in recordFields {
            for index in field.shape.columns {
                let leaf = file.schema.leaves[index]
                cursors[index] = ColumnCursor(
                    leaf, try file.readColumn(leaf, rowGroup: rowGroup, rows: ranges, keepsDictionary: true))
            }
        }
        guard file.rowGroups.indices.contains(rowGroup) else {
            throw .invalidRequest("there is no row group \(rowGroup), the file has \(file.rowGroups.count)")
        }
        let rowCount = ranges.map { $0.reduce(0) { $0 + $1.count } } ?? file.rowGroups[rowGroup].rowCount
        guard !cursors.isEmpty else { return [] }
        var assembly = RecordAssembly(cursors: cursors)
        var rows: [ParquetValue] = []
        for _ in 0..<rowCount {
            var fields: [ParquetValue.Field] = []
            fields.reserveCapacity(recordFields.count)
            for field in recordFields {
                let value = try assembly.read(field.shape)
                guard assembly.isBetweenRows(field.shape.columns) else {
                    throw .malformed(.levels, "the columns of \(field.name) differ in their rows")
                }
                fields.append(ParquetValue.Field(name: field.name, value: value))
            }
            rows.append(.structure(fields))
        }
        return rows
    }
}
