public import JSON
public import Parquet

/// Takes Items apart into the columns of one row group. Use one per thread.
public final class ItemRowBuilder {
    /// Schema mismatch: the Item needs a wider schema.
    public struct SchemaMismatch: Error, Hashable, Sendable, CustomStringConvertible {
        public let id: String
        public var description: String { "the Item \"\(id)\" has values that the columns do not hold" }
    }

    public let schema: ItemSchema
    private let builder: RowGroupBuilder
    /// In one piece: every Item enters it once, and then needs no look at who else does.
    private var writer: ItemRowWriter
    private let overflow: LeafBuffer?

    public init(schema: ItemSchema, settings: WriterSettings) throws(ParquetError) {
        self.schema = schema
        builder = try RowGroupBuilder(schema: schema.fileSchema, settings: settings)
        writer = ItemRowWriter(schema: schema, leaves: builder.leaves)
        overflow = schema.hasOverflow ? builder.leaves.last : nil
    }

    public var rowCount: Int { builder.rowCount }
    /// West, south, east, north of all Items that have been appended since the beginning.
    public var box: [Double]? { writer.box }
    /// See `ColumnMetadata.hasWideBoxes`.
    public var hasWideBoxes: Bool { writer.hasWideBoxes }
    /// Approximate size of the rows in memory, in bytes.
    public var byteCount: Int { builder.byteCount }

    /// The rows as they will lie in the file; the builder is empty then.
    public func encode() throws(ParquetError) -> EncodedRowGroup { try builder.encode() }

    /// Appends one Item as a row.
    ///
    /// - Throws: `SchemaMismatch`; the builder is of no use then.
    public func append(_ item: JSONElement) throws(SchemaMismatch) {
        let outcome = writer.append(item)
        var isMismatch = outcome.isMismatch
        if outcome.needsOverflow {
            if let overflow {
                overflow.append(OverflowColumn.text(of: item, schema))
            } else {
                isMismatch = true
            }
        } else {
            overflow?.appendNull(definitionLevel: 0)
        }
        guard !isMismatch else { throw SchemaMismatch(id: item.member("id")?.string ?? "") }
        builder.endRow()
    }
}
