/// Collects the rows of one row group, column by column, and encodes them. Use one per thread; it can be used again.
///
/// Every row appends at least one entry to each of `leaves`, and then calls `endRow`.
public final class RowGroupBuilder {
    public let schema: FileSchema
    /// In the schema's order.
    public let leaves: [LeafBuffer]
    public private(set) var rowCount = 0

    private let settings: WriterSettings
    private let compressor: PageCompressor

    /// - Throws: `ParquetError.unsupported` for a schema that is nested more than 255 levels deep, or has columns of
    ///   the retired type INT96.
    public init(schema: FileSchema, settings: WriterSettings) throws(ParquetError) {
        for leaf in schema.leaves {
            guard leaf.maxDefinitionLevel <= UInt8.max, leaf.maxRepetitionLevel <= UInt8.max else {
                throw .unsupported(.schema, "\(leaf.path.joined(separator: ".")) is nested too deep to be written")
            }
            guard leaf.physicalType != .int96 else {
                throw .unsupported(.schema, "\(leaf.path.joined(separator: ".")): INT96 is retired")
            }
        }
        self.schema = schema
        self.settings = settings
        leaves = schema.leaves.map { LeafBuffer(leaf: $0, settings: settings.column($0)) }
        compressor = try settings.compression.compressor()
    }

    /// Approximate size of the rows in memory, in bytes.
    public var byteCount: Int { leaves.reduce(0) { $0 + $1.byteCount } }

    public func endRow() {
        rowCount += 1
        if rowCount % settings.pageRowCount == 0 { endUnit() }
    }

    private func endUnit() {
        for leaf in leaves { leaf.endUnit(rowCount: rowCount) }
    }

    /// The rows as they will lie in the file; the builder is empty then.
    public func encode() throws(ParquetError) -> EncodedRowGroup {
        if rowCount % settings.pageRowCount != 0 || rowCount == 0 { endUnit() }
        let encoder = ColumnChunkEncoder(settings: settings, compressor: compressor)
        var group = EncodedRowGroup(rowCount: rowCount)
        group.chunks.reserveCapacity(leaves.count)
        for leaf in leaves {
            group.chunks.append(try encoder.encode(leaf))
            leaf.removeAll()
        }
        rowCount = 0
        return group
    }
}

/// A row group that is ready to be put into a file.
public struct EncodedRowGroup: Sendable {
    public let rowCount: Int
    var chunks: [EncodedColumnChunk] = []

    init(rowCount: Int) { self.rowCount = rowCount }

    /// Bytes in the file, without indexes and filters.
    public var byteCount: Int { chunks.reduce(0) { $0 + $1.bytes.count } }
}
