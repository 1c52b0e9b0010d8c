/// The locations of a column chunk's data pages.
///
/// Source: [Page index](https://parquet.apache.org/docs/file-format/pageindex/).
public struct OffsetIndex: Hashable, Sendable {
    public struct PageLocation: Hashable, Sendable {
        /// Of the page's header, in bytes from the start of the file.
        public var offset: Int
        /// With the header, in bytes.
        public var byteCount: Int
        /// Within the row group.
        public var firstRow: Int

        public init(offset: Int, byteCount: Int, firstRow: Int) {
            self.offset = offset
            self.byteCount = byteCount
            self.firstRow = firstRow
        }
    }

    public var pageLocations: [PageLocation]

    public init(pageLocations: [PageLocation]) {
        self.pageLocations = pageLocations
    }

    /// Reads the index that `bytes` begin with.
    public init(bytes: UnsafeRawBufferPointer) throws(ParquetError) {
        self = try Self.read(bytes, .offsetIndex).value
    }

    public var bytes: [UInt8] { thriftBytes }
}

extension OffsetIndex: ThriftStructure {
    init(from reader: inout ThriftCompactReader) throws(ParquetError) {
        var locations: [PageLocation]?
        var fields = try reader.openStructure()
        while let field = try reader.next(&fields) {
            if field.id == 1 { locations = try reader.structures(field) } else { try reader.skip(field) }
        }
        guard let locations else { throw .missingField(.offsetIndex, "page locations") }
        self.init(pageLocations: locations)
    }

    func writeFields(to writer: inout ThriftCompactWriter) {
        writer.field(1, pageLocations)
    }
}

extension OffsetIndex.PageLocation: ThriftStructure {
    init(from reader: inout ThriftCompactReader) throws(ParquetError) {
        self.init(offset: -1, byteCount: -1, firstRow: -1)
        var fields = try reader.openStructure()
        while let field = try reader.next(&fields) {
            switch field.id {
            case 1: offset = Int(try reader.int64(field))
            case 2: byteCount = Int(try reader.int32(field))
            case 3: firstRow = Int(try reader.int64(field))
            default: try reader.skip(field)
            }
        }
        guard offset >= 0, byteCount >= 0, firstRow >= 0 else {
            throw .malformed(.offsetIndex, "page at \(offset) of \(byteCount) bytes with row \(firstRow)")
        }
    }

    func writeFields(to writer: inout ThriftCompactWriter) {
        writer.field(1, Int64(offset))
        writer.field(2, Int32(clamping: byteCount))
        writer.field(3, Int64(firstRow))
    }
}
