/// The footer of a file: its schema, and the locations and statistics of its row groups.
///
/// Source: [Metadata](https://parquet.apache.org/docs/file-format/metadata/).
public struct FileMetadata: Hashable, Sendable {
    /// 1 or 2. Writers disagree on its meaning; readers ignore it.
    public var version: Int32
    public var schema: FileSchema
    public var rowCount: Int
    public var keyValues: [KeyValue]
    public var rowGroups: [RowGroupMetadata]
    /// Name and version of the writing program.
    public var createdBy: String?
    /// One for each column; `nil` when the file has none; then only old bounds can be used.
    public var columnOrders: [ColumnOrder]?

    public init(
        version: Int32 = 2, schema: FileSchema, rowCount: Int, keyValues: [KeyValue] = [],
        rowGroups: [RowGroupMetadata], createdBy: String? = nil, columnOrders: [ColumnOrder]? = nil
    ) {
        self.version = version
        self.schema = schema
        self.rowCount = rowCount
        self.keyValues = keyValues
        self.rowGroups = rowGroups
        self.createdBy = createdBy
        self.columnOrders = columnOrders
    }

    /// Reads a footer without its length and the magic bytes behind it.
    public init(footer: UnsafeRawBufferPointer) throws(ParquetError) {
        self = try Self.read(footer, .footer).value
    }

    /// The footer without its length and the magic bytes behind it.
    public var footer: [UInt8] { thriftBytes }

    /// Value of the first entry with `key`.
    public func value(forKey key: String) -> String? { keyValues.first { $0.key == key }?.value }
}

extension FileMetadata: ThriftStructure {
    init(from reader: inout ThriftCompactReader) throws(ParquetError) {
        try self.init(from: &reader, columns: nil)
    }

    /// - Parameter columns: Selects the columns whose chunks are read, by their indices among the schema's leaves; all
    ///   when `nil`.
    init(
        from reader: inout ThriftCompactReader, columns: ((FileSchema) -> Set<Int>)?
    ) throws(ParquetError) {
        self.init(schema: FileSchema(children: []), rowCount: 0, rowGroups: [])
        var found = 0
        var fields = try reader.openStructure()
        while let field = try reader.next(&fields) {
            if (1...4).contains(field.id) { found |= 1 << Int(field.id) }
            switch field.id {
            case 1: version = try reader.int32(field)
            case 2: schema = try FileSchema(elements: try reader.structures(field))
            case 3: rowCount = Int(try reader.int64(field))
            case 4:
                let count = try reader.list(field, of: .structure)
                rowGroups.reserveCapacity(min(count, 1024))
                var fieldRanges: [ColumnChunkMetadata.FieldRanges] = []
                // Every writer puts the schema first; without it all columns are read.
                let columnPositions =
                    found & 1 << 2 == 0 ? nil : columns.map { Self.positions(of: $0(schema), in: schema) }
                for _ in 0..<count {
                    rowGroups.append(
                        try RowGroupMetadata(
                            from: &reader, like: rowGroups.last?.columns, &fieldRanges, columnPositions: columnPositions
                        ))
                }
            case 5: keyValues = try reader.structures(field)
            case 6: createdBy = try reader.string(field)
            case 7: columnOrders = try reader.structures(field)
            case 8: throw .encrypted
            default: try reader.skip(field)
            }
        }
        for (id, name) in [(2, "schema"), (3, "row count"), (4, "row groups")] {
            guard found & 1 << id != 0 else { throw .missingField(.footer, name) }
        }
    }

    /// For each leaf, its position among the selected columns; -1 when it is not selected.
    private static func positions(of wanted: Set<Int>, in schema: FileSchema) -> [Int] {
        var count = 0
        return schema.leaves.indices.map { index in
            guard wanted.contains(index) else { return -1 }
            count += 1
            return count - 1
        }
    }

    /// The key-values come before the row groups, so that a reader can decide on them alone, see `Head`.
    func writeFields(to writer: inout ThriftCompactWriter) {
        writer.field(1, version)
        writer.field(2, schema.elements)
        writer.field(3, Int64(rowCount))
        writer.field(5, keyValues.isEmpty ? nil : keyValues)
        writer.field(4, rowGroups)
        writer.field(6, createdBy)
        writer.field(7, columnOrders)
    }
}
