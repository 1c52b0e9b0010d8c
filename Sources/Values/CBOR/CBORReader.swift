/// Reads CBOR in the canonical form of CTAP2, except that keys of maps may be in any order: WebAuthn only recommends the
/// form for attestations, and no key is found by its position.
///
/// Numbers and lengths must be in their shortest form, lengths must be given, no key may occur twice, and there are no tags.
/// Floating-point numbers may have any size.
///
/// Source: [CTAP 2.1, section 8](https://fidoalliance.org/specs/fido-v2.1-ps-20210615/fido-client-to-authenticator-protocol-v2.1-ps-20210615.html#message-encoding).
public struct CBORReader {
    /// Containers may be nested this deep. CTAP2 allows authenticators four levels.
    public static let depthLimit = 16
    /// Longest accepted input, in bytes.
    public static let byteLimit = 65_536

    private let bytes: ArraySlice<UInt8>
    private var position: Int

    private init(_ bytes: ArraySlice<UInt8>) throws(CBORError) {
        guard bytes.count <= Self.byteLimit else {
            throw .tooLong(byteCount: bytes.count, limit: Self.byteLimit)
        }
        self.bytes = bytes
        position = bytes.startIndex
    }

    /// The one item that `bytes` are.
    ///
    /// - Throws: `CBORError` by the fault.
    public static func read(_ bytes: [UInt8]) throws(CBORError) -> CBORValue {
        let (value, byteCount) = try read(prefixOf: bytes[...])
        guard byteCount == bytes.count else { throw .trailingBytes(at: byteCount) }
        return value
    }

    /// The item with which `bytes` start, and its length in bytes. Offsets of errors count from the start of the slice.
    ///
    /// - Throws: `CBORError` by the fault.
    public static func read(
        prefixOf bytes: ArraySlice<UInt8>
    ) throws(CBORError) -> (value: CBORValue, byteCount: Int) {
        var reader = try CBORReader(bytes)
        let value = try reader.value(depth: 0)
        return (value, reader.offset)
    }

    private var offset: Int { position - bytes.startIndex }

    private mutating func value(depth: Int) throws(CBORError) -> CBORValue {
        let start = offset
        let first = try take(1).first!
        let additional = first & 0x1f
        switch first >> 5 {
        case 0: return .unsigned(try number(additional, at: start))
        case 1: return .negative(try number(additional, at: start))
        case 2: return .bytes(Array(try take(number(additional, at: start))))
        case 3: return .text(try text(number(additional, at: start), at: start))
        case 4:
            let count = try number(additional, at: start)
            try checkDepth(depth, at: start)
            return .array(try elements(count, depth: depth))
        case 5:
            let count = try number(additional, at: start)
            try checkDepth(depth, at: start)
            return .map(try members(count, depth: depth))
        case 6: throw .tag(at: start)
        default: return try simpleValue(additional, at: start)
        }
    }

    private func checkDepth(_ depth: Int, at start: Int) throws(CBORError) {
        guard depth < Self.depthLimit else { throw .tooDeep(at: start, limit: Self.depthLimit) }
    }

    /// Reserves nothing for `count`, which may be any lie.
    private mutating func elements(_ count: UInt64, depth: Int) throws(CBORError) -> [CBORValue] {
        var elements: [CBORValue] = []
        var index: UInt64 = 0
        while index < count {
            elements.append(try value(depth: depth + 1))
            index += 1
        }
        return elements
    }

    private mutating func members(_ count: UInt64, depth: Int) throws(CBORError) -> [CBORValue.Key: CBORValue] {
        var members: [CBORValue.Key: CBORValue] = [:]
        var index: UInt64 = 0
        while index < count {
            let start = offset
            let key: CBORValue.Key
            switch try value(depth: depth + 1) {
            case .unsigned(let number): key = .unsigned(number)
            case .negative(let number): key = .negative(number)
            case .text(let text): key = .text(text)
            default: throw .unsupportedKey(at: start)
            }
            guard members.updateValue(try value(depth: depth + 1), forKey: key) == nil else {
                throw .duplicateKey(at: start)
            }
            index += 1
        }
        return members
    }

    private mutating func text(_ byteCount: UInt64, at start: Int) throws(CBORError) -> String {
        guard let text = String(validating: try take(byteCount), as: UTF8.self) else { throw .invalidUTF8(at: start) }
        return text
    }

    private mutating func simpleValue(_ additional: UInt8, at start: Int) throws(CBORError) -> CBORValue {
        switch additional {
        case 20: .bool(false)
        case 21: .bool(true)
        case 22: .null
        case 23: .undefined
        case 25: .float(Self.half(UInt16(try bigEndian(2))))
        case 26: .float(Double(Float(bitPattern: UInt32(try bigEndian(4)))))
        case 27: .float(Double(bitPattern: try bigEndian(8)))
        case 28...31: throw .reserved(at: start)
        default: throw .simpleValue(at: start)
        }
    }

    /// Source: [RFC 8949, appendix D](https://www.rfc-editor.org/rfc/rfc8949#section-appendix.d).
    private static func half(_ bits: UInt16) -> Double {
        let fraction = Double(bits & 0x3ff)
        let exponent = Int(bits >> 10 & 0x1f)
        let magnitude: Double =
            switch exponent {
            case 0: fraction / Double(1 << 24)
            case 31: fraction == 0 ? .infinity : .nan
            default: Double(sign: .plus, exponent: exponent - 25, significand: fraction + 1024)
            }
        return bits & 0x8000 == 0 ? magnitude : -magnitude
    }

    private mutating func number(_ additional: UInt8, at start: Int) throws(CBORError) -> UInt64 {
        switch additional {
        case 0..<24: return UInt64(additional)
        case 24: return try shortest(1, from: 24, at: start)
        case 25: return try shortest(2, from: 1 << 8, at: start)
        case 26: return try shortest(4, from: 1 << 16, at: start)
        case 27: return try shortest(8, from: 1 << 32, at: start)
        case 31 where bytes[bytes.startIndex + start] >> 5 >= 2: throw .indefiniteLength(at: start)
        default: throw .reserved(at: start)
        }
    }

    private mutating func shortest(
        _ byteCount: UInt64, from least: UInt64, at start: Int
    ) throws(CBORError) -> UInt64 {
        let number = try bigEndian(byteCount)
        guard number >= least else { throw .notShortest(at: start) }
        return number
    }

    private mutating func bigEndian(_ byteCount: UInt64) throws(CBORError) -> UInt64 {
        try take(byteCount).reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func take(_ count: UInt64) throws(CBORError) -> ArraySlice<UInt8> {
        guard count <= UInt64(bytes.endIndex - position) else { throw .truncated(at: offset) }
        defer { position += Int(count) }
        return bytes[position..<position + Int(count)]
    }
}
