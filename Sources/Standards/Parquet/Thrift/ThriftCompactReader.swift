/// Reads the Thrift compact protocol from untrusted bytes.
///
/// Every length is checked against the remaining bytes before it is used. Structures may be nested `depthLimit` deep,
/// skipped ones included.
///
/// Source: [Thrift compact protocol](https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md).
struct ThriftCompactReader {
    static let depthLimit = 32

    /// The part of the file, for errors.
    let part: ParquetPart
    /// Of the next byte to be read; within `bytes`, or at their end.
    var offset = 0
    let bytes: UnsafeRawBufferPointer
    private var depth = 0

    init(_ bytes: UnsafeRawBufferPointer, _ part: ParquetPart) {
        self.bytes = bytes
        self.part = part
    }

    /// Where the fields of one structure are read.
    struct Fields {
        fileprivate var lastID: Int16 = 0
    }

    mutating func openStructure() throws(ParquetError) -> Fields {
        guard depth < Self.depthLimit else { throw .tooLarge(part, depth + 1, limit: Self.depthLimit) }
        depth += 1
        return Fields()
    }

    /// Header of the structure's next field, `nil` at the end of the structure.
    @inline(__always)
    mutating func next(_ fields: inout Fields) throws(ParquetError) -> ThriftField? {
        let header = try byte()
        guard header != 0 else {
            depth -= 1
            return nil
        }
        let delta = Int16(header >> 4)
        let (id, overflow) =
            delta != 0 ? fields.lastID.addingReportingOverflow(delta) : (try zigZag16(), false)
        guard !overflow, let type = ThriftType(rawValue: header & 0x0f) else {
            throw .malformed(part, "field header \(header) at offset \(offset - 1)")
        }
        fields.lastID = id
        return ThriftField(id: id, type: type)
    }

    mutating func listHeader() throws(ParquetError) -> (count: Int, type: UInt8) {
        let header = try byte()
        var count = UInt64(header >> 4)
        if count == 15 { count = try varint() }
        guard count <= UInt64(bytes.count - offset) else {
            throw .truncated(part, needed: Int(clamping: count), available: bytes.count - offset)
        }
        return (Int(count), header & 0x0f)
    }

    mutating func zigZag16() throws(ParquetError) -> Int16 {
        let value = try zigZag32()
        guard let value = Int16(exactly: value) else { throw .malformed(part, "integer too large at offset \(offset)") }
        return value
    }

    @inline(__always)
    mutating func varint() throws(ParquetError) -> UInt64 {
        let first = try byte()
        if first < 0x80 { return UInt64(first) }
        return try varint(UInt64(first & 0x7f))
    }

    mutating func varint(_ start: UInt64) throws(ParquetError) -> UInt64 {
        var value = start
        var shift: UInt64 = 7
        while true {
            let next = try byte()
            // The tenth byte holds the 64th bit alone.
            guard shift < 63 || next <= 1 else { throw .malformed(part, "integer too large at offset \(offset)") }
            value |= UInt64(next & 0x7f) &<< shift
            if next < 0x80 { return value }
            shift += 7
        }
    }

    @inline(__always)
    mutating func byte() throws(ParquetError) -> UInt8 {
        guard offset < bytes.count else { throw .truncated(part, needed: 1, available: 0) }
        defer { offset &+= 1 }
        return bytes[offset]
    }

    mutating func take(_ count: Int) throws(ParquetError) -> Int {
        guard bytes.count - offset >= count else {
            throw .truncated(part, needed: count, available: bytes.count - offset)
        }
        defer { offset += count }
        return offset
    }

    /// Runs `body` one level deeper.
    mutating func nested(
        _ body: (inout Self) throws(ParquetError) -> Void
    ) throws(ParquetError) {
        guard depth < Self.depthLimit else { throw .tooLarge(part, depth + 1, limit: Self.depthLimit) }
        depth += 1
        try body(&self)
        depth -= 1
    }
}
