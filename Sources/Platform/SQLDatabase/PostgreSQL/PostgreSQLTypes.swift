import Temporal

/// PostgreSQL's types, by the numbers of its catalogue.
///
/// Source: [PostgreSQL, pg_type.dat](https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat).
enum PostgreSQLType {
    static let boolean: UInt32 = 16
    static let bytes: UInt32 = 17
    static let integer8: UInt32 = 20
    static let integer2: UInt32 = 21
    static let integer4: UInt32 = 23
    static let text: UInt32 = 25
    static let objectNumber: UInt32 = 26
    static let float4: UInt32 = 700
    static let float8: UInt32 = 701
    static let timestamp: UInt32 = 1114
    static let timestampWithZone: UInt32 = 1184
    static let numeric: UInt32 = 1700
    static let uuid: UInt32 = 2950
    static let jsonb: UInt32 = 3802
    static let void: UInt32 = 2278
    /// name, json, xml, unknown, char(n), varchar: what is sent is the text.
    static let texts: Set<UInt32> = [text, 19, 114, 142, 705, 1042, 1043]

    /// Microseconds from 1970 to 2000, from where PostgreSQL counts.
    static let epoch: Int64 = 946_684_800_000_000
}

extension DatabaseValue {
    /// The type of a parameter; 0: PostgreSQL infers it.
    var postgreSQLType: UInt32 {
        switch self {
        case .null: 0
        case .integer: PostgreSQLType.integer8
        case .double: PostgreSQLType.float8
        case .text: PostgreSQLType.text
        case .bytes: PostgreSQLType.bytes
        case .boolean: PostgreSQLType.boolean
        case .timestamp: PostgreSQLType.timestampWithZone
        }
    }

    /// Appends the binary form; nothing for null.
    func write(to buffer: inout [UInt8]) {
        switch self {
        case .null: break
        case .integer(let number): buffer.append(bigEndian: number)
        case .double(let number): buffer.append(bigEndian: number.bitPattern)
        case .text(let text): buffer.append(contentsOf: text.utf8)
        case .bytes(let bytes): buffer.append(contentsOf: bytes)
        case .boolean(let flag): buffer.append(flag ? 1 : 0)
        case .timestamp(let time): buffer.append(bigEndian: time.microseconds - PostgreSQLType.epoch)
        }
    }

    /// Reads the binary form of a value that is not null.
    ///
    /// - Throws: `rowMismatch` for a type outside of the common subset.
    init(postgreSQL bytes: UnsafeRawBufferPointer, _ type: UInt32, column: String) throws(DatabaseError) {
        switch type {
        case PostgreSQLType.boolean: self = .boolean(bytes[0] != 0)
        case PostgreSQLType.bytes: self = .bytes(Array(bytes))
        case PostgreSQLType.integer8: self = .integer(bytes.integer(Int64.self))
        case PostgreSQLType.integer4: self = .integer(Int64(bytes.integer(Int32.self)))
        case PostgreSQLType.integer2: self = .integer(Int64(bytes.integer(Int16.self)))
        case PostgreSQLType.objectNumber: self = .integer(Int64(bytes.integer(UInt32.self)))
        case PostgreSQLType.float8: self = .double(Double(bitPattern: bytes.integer(UInt64.self)))
        case PostgreSQLType.float4: self = .double(Double(Float(bitPattern: bytes.integer(UInt32.self))))
        case PostgreSQLType.timestamp, PostgreSQLType.timestampWithZone:
            let (microseconds, isInfinite) = bytes.integer(Int64.self).addingReportingOverflow(PostgreSQLType.epoch)
            guard !isInfinite, bytes.integer(Int64.self) != .min else {
                throw DatabaseError(.rowMismatch, "Column '\(column)' has a timestamp that is infinite.")
            }
            self = .timestamp(Timestamp(microseconds: microseconds))
        case PostgreSQLType.numeric: self = try Self.numeric(bytes, column)
        case PostgreSQLType.uuid: self = .text(Self.uuid(bytes))
        case PostgreSQLType.void: self = .null
        // A version before the text.
        case PostgreSQLType.jsonb: self = .text(String(decoding: bytes.dropFirst(), as: UTF8.self))
        case let type where PostgreSQLType.texts.contains(type):
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw DatabaseError(.damaged, "Column '\(column)' has a text that is not valid UTF-8.")
            }
            self = .text(text)
        default:
            throw DatabaseError(
                .rowMismatch,
                "Column '\(column)' has a type of PostgreSQL (number \(type)) that is not in the common subset; "
                    + "write CAST(… AS TEXT).")
        }
    }

    /// Sums and averages: digits to the base 10,000.
    ///
    /// Source: [PostgreSQL, numeric_send](https://github.com/postgres/postgres/blob/master/src/backend/utils/adt/numeric.c).
    private static func numeric(_ bytes: UnsafeRawBufferPointer, _ column: String) throws(DatabaseError)
        -> DatabaseValue
    {
        func short(_ index: Int) -> Int {
            Int(UnsafeRawBufferPointer(rebasing: bytes[(index * 2)...]).integer(Int16.self))
        }
        let (count, weight, sign) = (short(0), short(1), UInt16(truncatingIfNeeded: short(2)))
        switch sign {
        case 0xC000: return .double(.nan)
        case 0xD000: return .double(.infinity)
        case 0xF000: return .double(-.infinity)
        default: break
        }
        let digits = (0..<count).map { short(4 + $0) }
        let minus = sign == 0x4000 ? "-" : ""
        if count <= weight + 1, weight < 5 {
            var whole: Int64? = 0
            for index in 0...max(0, weight) {
                let digit = Int64(index < count ? digits[index] : 0)
                whole = whole.flatMap {
                    let (product, overflow) = $0.multipliedReportingOverflow(by: 10_000)
                    let (difference, underflow) = product.subtractingReportingOverflow(digit)
                    return overflow || underflow ? nil : difference
                }
            }
            // Negative, because the smallest integer has no positive counterpart.
            if let whole, minus.isEmpty ? whole != .min : true { return .integer(minus.isEmpty ? -whole : whole) }
        }
        let text =
            minus + "0." + digits.map { String(String($0 + 10_000).dropFirst()) }.joined() + "e\((weight + 1) * 4)"
        guard let value = Double(text) else {
            throw DatabaseError(.rowMismatch, "Column '\(column)' has a number that is no double.")
        }
        return .double(value)
    }

    private static func uuid(_ bytes: UnsafeRawBufferPointer) -> String {
        var text = ""
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text += "-" }
            text += String(Int(byte) + 256, radix: 16).dropFirst()
        }
        return text
    }
}

extension [UInt8] {
    mutating func append(bigEndian number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
    }
}

extension UnsafeRawBufferPointer {
    /// The big-endian integer at the start.
    fileprivate func integer<Value: FixedWidthInteger>(_ type: Value.Type) -> Value {
        precondition(count >= MemoryLayout<Value>.size, "PostgreSQL sent a value that is too short")
        return Value(bigEndian: loadUnaligned(as: type))
    }
}
