#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Reads the Thrift compact protocol from bytes that need not be what they claim.
///
/// Every length is checked against what is left before anything is made of it, and structures may be nested
/// `depthLimit` deep, also those that are skipped.
///
/// Source: [Thrift compact protocol](https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md).
struct ThriftCompactReader {
    static let depthLimit = 32

    /// What the bytes are, for errors.
    let part: ParquetPart
    private(set) var offset = 0
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

    // MARK: Values of fields

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
        // The specification says 1 and 2; some writers wrote 0 for false.
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

    /// Passes over a list whose bytes are those at `place`, where another one was read; `false` when they are not.
    ///
    /// Values end where they end: equal bytes are equal values, whatever follows.
    @inline(__always)
    mutating func repeats(_ place: Range<Int>?, _ field: ThriftField) -> Bool {
        guard let place, field.type == .list, place.count <= bytes.count - offset, let base = bytes.baseAddress,
            memcmp(base + place.lowerBound, base + offset, place.count) == 0
        else { return false }
        offset += place.count
        return true
    }

    // MARK: Skipping

    /// Passes over the value of `field`.
    mutating func skip(_ field: ThriftField) throws(ParquetError) {
        switch field.type {
        case .booleanTrue, .booleanFalse: break
        default: try skipElement(field.type)
        }
    }

    private mutating func skipElement(_ type: ThriftType) throws(ParquetError) {
        switch type {
        case .booleanTrue, .booleanFalse, .int8: _ = try take(1)
        case .int16, .int32, .int64: _ = try varint()
        case .double: _ = try take(8)
        case .uuid: _ = try take(16)
        case .binary: _ = try binaryElement()
        case .list, .set:
            let (count, rawType) = try listHeader()
            guard count > 0 else { return }
            try skipElements(count, rawType)
        case .map:
            let count = try varint()
            guard count > 0 else { return }
            let types = try byte()
            guard count <= UInt64(bytes.count - offset), let key = ThriftType(rawValue: types >> 4),
                let value = ThriftType(rawValue: types & 0x0f)
            else { throw .malformed(part, "map at offset \(offset)") }
            try nested { (reader) throws(ParquetError) in
                for _ in 0..<count {
                    try reader.skipElement(key)
                    try reader.skipElement(value)
                }
            }
        case .structure:
            var fields = try openStructure()
            while let field = try next(&fields) { try skip(field) }
        }
    }

    private mutating func skipElements(_ count: Int, _ rawType: UInt8) throws(ParquetError) {
        guard let type = ThriftType(rawValue: rawType) else {
            throw .malformed(part, "list of type \(rawType) at offset \(offset)")
        }
        try nested { (reader) throws(ParquetError) in
            for _ in 0..<count { try reader.skipElement(type) }
        }
    }

    private mutating func nested(
        _ body: (inout Self) throws(ParquetError) -> Void
    ) throws(ParquetError) {
        guard depth < Self.depthLimit else { throw .tooLarge(part, depth + 1, limit: Self.depthLimit) }
        depth += 1
        try body(&self)
        depth -= 1
    }

    // MARK: Bytes

    private mutating func listHeader() throws(ParquetError) -> (count: Int, type: UInt8) {
        let header = try byte()
        var count = UInt64(header >> 4)
        if count == 15 { count = try varint() }
        guard count <= UInt64(bytes.count - offset) else {
            throw .truncated(part, needed: Int(clamping: count), available: bytes.count - offset)
        }
        return (Int(count), header & 0x0f)
    }

    private mutating func zigZag16() throws(ParquetError) -> Int16 {
        let value = try zigZag32()
        guard let value = Int16(exactly: value) else { throw .malformed(part, "integer too large at offset \(offset)") }
        return value
    }

    @inline(__always)
    private mutating func varint() throws(ParquetError) -> UInt64 {
        let first = try byte()
        if first < 0x80 { return UInt64(first) }
        return try varint(UInt64(first & 0x7f))
    }

    private mutating func varint(_ start: UInt64) throws(ParquetError) -> UInt64 {
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
    private mutating func byte() throws(ParquetError) -> UInt8 {
        guard offset < bytes.count else { throw .truncated(part, needed: 1, available: 0) }
        defer { offset &+= 1 }
        return bytes[offset]
    }

    private mutating func take(_ count: Int) throws(ParquetError) -> Int {
        guard bytes.count - offset >= count else {
            throw .truncated(part, needed: count, available: bytes.count - offset)
        }
        defer { offset += count }
        return offset
    }

    @inline(__always)
    private func expect(_ type: ThriftType, _ field: ThriftField) throws(ParquetError) {
        guard field.type == type else { throw wrongType(field) }
    }

    private func wrongType(_ field: ThriftField) -> ParquetError {
        .malformed(part, "field \(field.id) has the type \(field.type), at offset \(offset)")
    }
}
