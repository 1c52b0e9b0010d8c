#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Values of fields, each of the type that its reader expects.
extension ThriftCompactReader {
    func bool(_ field: ThriftField) throws(ParquetError) -> Bool {
        guard field.type == .booleanTrue || field.type == .booleanFalse else { throw wrongType(field) }
        return field.type == .booleanTrue
    }

    mutating func int8(_ field: ThriftField) throws(ParquetError) -> Int8 {
        try expect(.int8, field)
        return Int8(bitPattern: try byte())
    }

    mutating func int16(_ field: ThriftField) throws(ParquetError) -> Int16 {
        try expect(.int16, field)
        return try zigZag16()
    }

    @inline(__always)
    mutating func int32(_ field: ThriftField) throws(ParquetError) -> Int32 {
        try expect(.int32, field)
        return try zigZag32()
    }

    @inline(__always)
    mutating func int64(_ field: ThriftField) throws(ParquetError) -> Int64 {
        try expect(.int64, field)
        return try zigZag64()
    }

    mutating func double(_ field: ThriftField) throws(ParquetError) -> Double {
        try expect(.double, field)
        let start = try take(8)
        return Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)))
    }

    @inline(__always)
    mutating func binaryRange(_ field: ThriftField) throws(ParquetError) -> Range<Int> {
        try expect(.binary, field)
        return try binaryElement()
    }

    mutating func binary(_ field: ThriftField) throws(ParquetError) -> [UInt8] {
        let range = try binaryRange(field)
        return [UInt8](bytes[range])
    }

    /// Text; bytes that are not UTF-8 become replacement characters.
    mutating func string(_ field: ThriftField) throws(ParquetError) -> String {
        let range = try binaryRange(field)
        return String(decoding: bytes[range], as: UTF8.self)
    }

    /// Number of elements in a list, each of which takes a byte at least.
    @inline(__always)
    mutating func list(_ field: ThriftField, of element: ThriftType) throws(ParquetError) -> Int {
        guard field.type == .list || field.type == .set else { throw wrongType(field) }
        let (count, type) = try listHeader()
        let isBoolean = element == .booleanTrue && type == ThriftType.booleanFalse.rawValue
        // Some writers give an empty list the element type 0.
        guard count == 0 || type == element.rawValue || isBoolean else {
            throw .malformed(part, "elements of type \(type) in field \(field.id), at offset \(offset)")
        }
        return count
    }

    mutating func structures<Element: ThriftStructure>(
        _ field: ThriftField, _: Element.Type = Element.self
    ) throws(ParquetError) -> [Element] {
        let count = try list(field, of: .structure)
        var elements: [Element] = []
        // A count that lies would reserve far more than the bytes that stand behind it.
        elements.reserveCapacity(min(count, 1024))
        for _ in 0..<count { elements.append(try Element(from: &self)) }
        return elements
    }

    mutating func structure<Value: ThriftStructure>(
        _ field: ThriftField, _: Value.Type = Value.self
    ) throws(ParquetError) -> Value {
        try expect(.structure, field)
        return try Value(from: &self)
    }

    mutating func int64s(_ field: ThriftField) throws(ParquetError) -> [Int64] {
        let count = try list(field, of: .int64)
        var elements: [Int64] = []
        elements.reserveCapacity(count)
        for _ in 0..<count { elements.append(try zigZag64()) }
        return elements
    }

    mutating func int32s(_ field: ThriftField) throws(ParquetError) -> [Int32] {
        let count = try list(field, of: .int32)
        var elements: [Int32] = []
        elements.reserveCapacity(count)
        for _ in 0..<count { elements.append(try zigZag32()) }
        return elements
    }

    mutating func bools(_ field: ThriftField) throws(ParquetError) -> [Bool] {
        let count = try list(field, of: .booleanTrue)
        var elements: [Bool] = []
        elements.reserveCapacity(count)
        // The specification requires 1 and 2; some writers wrote 0 for false.
        for _ in 0..<count { elements.append(try byte() == 1) }
        return elements
    }

    mutating func binaries(_ field: ThriftField) throws(ParquetError) -> [[UInt8]] {
        let count = try list(field, of: .binary)
        var elements: [[UInt8]] = []
        elements.reserveCapacity(min(count, 1024))
        for _ in 0..<count {
            let range = try binaryElement()
            elements.append([UInt8](bytes[range]))
        }
        return elements
    }

    // MARK: Elements

    @inline(__always)
    mutating func zigZag32() throws(ParquetError) -> Int32 {
        let value = try varint()
        guard let value = UInt32(exactly: value) else {
            throw .malformed(part, "integer too large at offset \(offset)")
        }
        return Int32(bitPattern: value >> 1) ^ -Int32(bitPattern: value & 1)
    }

    @inline(__always)
    mutating func zigZag64() throws(ParquetError) -> Int64 {
        let value = try varint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    @inline(__always)
    mutating func binaryElement() throws(ParquetError) -> Range<Int> {
        let count = try varint()
        guard count <= UInt64(bytes.count - offset) else {
            throw .truncated(part, needed: Int(clamping: count), available: bytes.count - offset)
        }
        let start = offset
        offset += Int(count)
        return start..<offset
    }

    /// Skips a list whose bytes equal those at `known`, the range of a list read before; `false` when they differ.
    ///
    /// The encoding is self-delimiting: equal bytes are equal values, regardless of the following ones.
    @inline(__always)
    mutating func repeats(_ known: Range<Int>?, _ field: ThriftField) -> Bool {
        guard let known, field.type == .list, known.count <= bytes.count - offset, let base = bytes.baseAddress,
            memcmp(base + known.lowerBound, base + offset, known.count) == 0
        else { return false }
        offset += known.count
        return true
    }

    @inline(__always)
    private func expect(_ type: ThriftType, _ field: ThriftField) throws(ParquetError) {
        guard field.type == type else { throw wrongType(field) }
    }

    private func wrongType(_ field: ThriftField) -> ParquetError {
        .malformed(part, "field \(field.id) has the type \(field.type), at offset \(offset)")
    }
}
