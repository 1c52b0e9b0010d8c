/// A structure of the file format that is written in the Thrift compact protocol.
protocol ThriftStructure: Sendable {
    /// Reads all fields up to the structure's end.
    init(from reader: inout ThriftCompactReader) throws(ParquetError)

    /// Writes the fields; the writer adds the structure's end.
    func writeFields(to writer: inout ThriftCompactWriter)
}

extension ThriftStructure {
    /// Reads a structure that `bytes` begin with, and how many bytes it took.
    static func read(
        _ bytes: UnsafeRawBufferPointer, _ part: ParquetPart
    ) throws(ParquetError) -> (value: Self, byteCount: Int) {
        var reader = ThriftCompactReader(bytes, part)
        let value = try Self(from: &reader)
        return (value, reader.offset)
    }

    /// The structure in the Thrift compact protocol.
    var thriftBytes: [UInt8] {
        var writer = ThriftCompactWriter()
        writer.write(self)
        return writer.bytes
    }
}
