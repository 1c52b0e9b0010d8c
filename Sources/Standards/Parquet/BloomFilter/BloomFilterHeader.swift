/// The header before a Bloom filter. There is one algorithm, one hash function and no compression.
public struct BloomFilterHeader: Hashable, Sendable {
    /// Of the filter behind the header.
    public var byteCount: Int

    public init(byteCount: Int) {
        self.byteCount = byteCount
    }

    public var bytes: [UInt8] { thriftBytes }

    /// Reads the header that `bytes` begin with.
    public static func read(
        _ bytes: UnsafeRawBufferPointer
    ) throws(ParquetError) -> (header: BloomFilterHeader, byteCount: Int) {
        let (header, byteCount) = try read(bytes, .bloomFilter)
        return (header, byteCount)
    }
}

extension BloomFilterHeader: ThriftStructure {
    init(from reader: inout ThriftCompactReader) throws(ParquetError) {
        var byteCount: Int?
        var fields = try reader.openStructure()
        while let field = try reader.next(&fields) {
            switch (field.id, field.type) {
            case (1, _): byteCount = Int(try reader.int32(field))
            case (2...4, .structure): try Self.checkFirstMember(of: field, &reader)
            default: try reader.skip(field)
            }
        }
        guard let byteCount else { throw .missingField(.bloomFilter, "size") }
        guard byteCount >= 0 else { throw .malformed(.bloomFilter, "\(byteCount) bytes") }
        self.init(byteCount: byteCount)
    }

    /// Algorithm, hash and compression are unions, of which only the first member is known.
    private static func checkFirstMember(
        of field: ThriftField, _ reader: inout ThriftCompactReader
    ) throws(ParquetError) {
        var members = try reader.openStructure()
        while let member = try reader.next(&members) {
            guard member.id == 1 else { throw .unsupported(.bloomFilter, "member \(member.id) of field \(field.id)") }
            try reader.skip(member)
        }
    }

    func writeFields(to writer: inout ThriftCompactWriter) {
        writer.field(1, Int32(clamping: byteCount))
        for id in Int16(2)...4 { writer.structure(id) { writer in writer.structure(1) } }
    }
}
