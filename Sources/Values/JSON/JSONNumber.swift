#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A number as it was written: `1.10` stays `1.10`, and an integer of any length keeps all its digits.
///
/// Equality is that of the text; compare `double` for equality of value.
public struct JSONNumber: Sendable, Hashable {
    public let text: String

    init(unchecked text: String) {
        self.text = text
    }

    /// - Returns: `nil` unless `text` is a JSON number (RFC 8259, section 6).
    public init?(_ text: String) {
        guard case .number(let number)? = try? JSONValue(parsing: text, by: .rfc8259), number.text == text else {
            return nil
        }
        self = number
    }

    public init(_ value: Int) {
        text = String(value)
    }

    /// The shortest text that reads back as `value`, integers without a fraction; `nil` unless `value` is finite.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        text = value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
    }

    /// The nearest double; infinity beyond their range.
    public var double: Double {
        var text = text
        return text.withUTF8 { parseDouble(UnsafeRawBufferPointer($0)) }
    }

    /// The value, when written as an integer that fits.
    public var int: Int? { Int(text) }
}

/// The powers of ten that doubles hold exactly.
private let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
]

/// The double nearest to a well-formed JSON number.
///
/// A mantissa below 2^53 and a power of ten up to 22 are both exact, so that one rounding gives the nearest double
/// (Clinger 1990); everything else goes to the C library.
func parseDouble(_ text: UnsafeRawBufferPointer) -> Double {
    var mantissa: UInt64 = 0
    var exponent = 0
    var at = 0
    var digits = 0
    let isNegative = text[0] == UInt8(ascii: "-")
    if isNegative { at = 1 }
    var isFraction = false
    while at < text.count {
        let byte = text[at]
        let digit = byte &- 0x30
        if digit < 10 {
            mantissa = mantissa &* 10 &+ UInt64(digit)
            if mantissa != 0 { digits += 1 }
            if isFraction { exponent -= 1 }
        } else if byte == UInt8(ascii: ".") {
            isFraction = true
        } else {
            break
        }
        at += 1
    }
    if at < text.count {
        at += 1
        var sign = 1
        if text[at] == UInt8(ascii: "-") || text[at] == UInt8(ascii: "+") {
            sign = text[at] == UInt8(ascii: "-") ? -1 : 1
            at += 1
        }
        var written = 0
        while at < text.count, written < 100_000 {
            written = written * 10 + Int(text[at] &- 0x30)
            at += 1
        }
        exponent += sign * written
    }
    if digits <= 19, mantissa < 1 << 53, exponent >= -22, exponent <= 22 {
        let magnitude =
            exponent < 0 ? Double(mantissa) / powersOfTen[-exponent] : Double(mantissa) * powersOfTen[exponent]
        return isNegative ? -magnitude : magnitude
    }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: text.count + 1) { buffer in
        for index in 0..<text.count { buffer[index] = CChar(bitPattern: text[index]) }
        buffer[text.count] = 0
        return strtod(buffer.baseAddress!, nil)
    }
}
