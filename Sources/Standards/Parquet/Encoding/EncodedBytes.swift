/// Takes varints and runs of bytes off the front of encoded values.
struct EncodedBytes {
    private(set) var rest: UnsafeRawBufferPointer
    let part: ParquetPart

    init(_ bytes: UnsafeRawBufferPointer, _ part: ParquetPart) {
        rest = bytes
        self.part = part
    }

    @inline(__always)
    mutating func byte() throws(ParquetError) -> UInt8 {
        guard let byte = rest.first else { throw .truncated(part, needed: 1, available: 0) }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst())
        return byte
    }

    mutating func varint() throws(ParquetError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte()
            // The tenth byte holds the 64th bit alone.
            guard shift < 63 || next <= 1 else { throw .malformed(part, "integer too large") }
            value |= UInt64(next & 0x7f) &<< shift
            if next < 0x80 { return value }
            shift += 7
        }
    }

    mutating func zigZag() throws(ParquetError) -> Int64 {
        let value = try varint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    @inline(__always)
    mutating func take(_ count: Int) throws(ParquetError) -> UnsafeRawBufferPointer {
        guard count >= 0, count <= rest.count else { throw .truncated(part, needed: count, available: rest.count) }
        let taken = UnsafeRawBufferPointer(rebasing: rest.prefix(count))
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        return taken
    }

    /// Bytes whose number stands before them, in four bytes.
    mutating func takeCounted() throws(ParquetError) -> UnsafeRawBufferPointer {
        let count = try take(4)
        return try take(Int(UInt32(littleEndian: count.loadUnaligned(as: UInt32.self))))
    }
}
