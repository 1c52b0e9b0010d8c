/// Writes the Thrift compact protocol.
///
/// Source: [Thrift compact protocol](https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md).
struct ThriftCompactWriter {
    private(set) var bytes: [UInt8] = []
    /// Of the structure that is being written.
    private var lastID: Int16 = 0

    mutating func write(_ structure: some ThriftStructure) {
        writeStructure { writer in structure.writeFields(to: &writer) }
    }

    /// A structure whose fields `body` writes.
    mutating func writeStructure(_ body: (inout Self) -> Void) {
        let outer = lastID
        lastID = 0
        body(&self)
        bytes.append(0)
        lastID = outer
    }

    // MARK: Fields; nil values are omitted

    mutating func field(_ id: Int16, _ value: Bool?) {
        guard let value else { return }
        header(id, value ? .booleanTrue : .booleanFalse)
    }

    mutating func field(_ id: Int16, _ value: Int8?) {
        guard let value else { return }
        header(id, .int8)
        bytes.append(UInt8(bitPattern: value))
    }

    mutating func field(_ id: Int16, _ value: Int16?) {
        guard let value else { return }
        header(id, .int16)
        zigZag(Int64(value))
    }

    mutating func field(_ id: Int16, _ value: Int32?) {
        guard let value else { return }
        header(id, .int32)
        zigZag(Int64(value))
    }

    mutating func field(_ id: Int16, _ value: Int64?) {
        guard let value else { return }
        header(id, .int64)
        zigZag(value)
    }

    mutating func field(_ id: Int16, _ value: Double?) {
        guard let value else { return }
        header(id, .double)
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func field(_ id: Int16, _ value: [UInt8]?) {
        guard let value else { return }
        header(id, .binary)
        binary(value)
    }

    mutating func field(_ id: Int16, _ value: String?) {
        guard let value else { return }
        header(id, .binary)
        binary(value.utf8)
    }

    mutating func field(_ id: Int16, _ value: (some ThriftStructure)?) {
        guard let value else { return }
        structure(id) { writer in value.writeFields(to: &writer) }
    }

    mutating func structure(_ id: Int16, _ body: (inout Self) -> Void = { _ in }) {
        header(id, .structure)
        writeStructure(body)
    }

    mutating func field(_ id: Int16, _ values: [some ThriftStructure]?) {
        list(id, .structure, values) { writer, value in writer.write(value) }
    }

    mutating func field(_ id: Int16, _ values: [Int32]?) {
        list(id, .int32, values) { writer, value in writer.zigZag(Int64(value)) }
    }

    mutating func field(_ id: Int16, _ values: [Int64]?) {
        list(id, .int64, values) { writer, value in writer.zigZag(value) }
    }

    mutating func field(_ id: Int16, _ values: [Bool]?) {
        list(id, .booleanTrue, values) { writer, value in writer.bytes.append(value ? 1 : 2) }
    }

    mutating func field(_ id: Int16, _ values: [[UInt8]]?) {
        list(id, .binary, values) { writer, value in writer.binary(value) }
    }

    mutating func field(_ id: Int16, _ values: [String]?) {
        list(id, .binary, values) { writer, value in writer.binary(value.utf8) }
    }

    // MARK: Bytes

    private mutating func list<Element>(
        _ id: Int16, _ type: ThriftType, _ values: [Element]?, _ write: (inout Self, Element) -> Void
    ) {
        guard let values else { return }
        header(id, .list)
        if values.count < 15 {
            bytes.append(UInt8(values.count) << 4 | type.rawValue)
        } else {
            bytes.append(0xf0 | type.rawValue)
            varint(UInt64(values.count))
        }
        for value in values { write(&self, value) }
    }

    private mutating func header(_ id: Int16, _ type: ThriftType) {
        let delta = Int(id) - Int(lastID)
        if (1...15).contains(delta) {
            bytes.append(UInt8(delta) << 4 | type.rawValue)
        } else {
            bytes.append(type.rawValue)
            zigZag(Int64(id))
        }
        lastID = id
    }

    private mutating func binary(_ value: some Collection<UInt8>) {
        varint(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    private mutating func zigZag(_ value: Int64) {
        varint(UInt64(bitPattern: value << 1 ^ value >> 63))
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
