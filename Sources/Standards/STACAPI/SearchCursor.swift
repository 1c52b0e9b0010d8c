import JSON
import Temporal

/// A position between two Items in a sort order: paging continues from there, regardless of writes in between.
public struct SearchCursor: Sendable, Hashable {
    public enum Direction: String, Sendable, Hashable {
        /// The page holds the Items after the position.
        case forward = "f"
        /// The page holds the Items before the position, in the same order.
        case backward = "b"
    }

    public var direction: Direction
    /// The values of the effective sort order's keys (`SortKey.effective(_:)`) at that position.
    public var values: [SortValue]

    public init(_ direction: Direction, _ values: [SortValue]) {
        self.direction = direction
        self.values = values
    }

    /// The cursor as a token for links: base64url of a JSON array.
    public var token: String {
        var array: [JSONValue] = [.string(direction.rawValue)]
        for value in values {
            switch value {
            case .bool(let value): array.append(.bool(value))
            case .number(let value): array.append(JSONValue(value))
            case .timestamp(let value): array.append(["t": .string(String(value.microseconds))])
            case .string(let value): array.append(.string(value))
            case .missing: array.append(.null)
            }
        }
        return base64URL(JSONValue.array(array).serialized())
    }

    /// - Returns: `nil` unless `token` is one that `token` gave, for a sort order of as many keys.
    public init?(token: String, keyCount: Int) {
        guard let bytes = decodeBase64URL(token), let parts = try? JSONValue(parsing: bytes).array,
            parts.count == keyCount + 1, let direction = parts[0].string.flatMap(Direction.init(rawValue:))
        else { return nil }
        var values: [SortValue] = []
        for part in parts.dropFirst() {
            switch part {
            case .null: values.append(.missing)
            case .bool(let value): values.append(.bool(value))
            case .number(let number) where number.double.isFinite: values.append(.number(number.double))
            case .string(let text): values.append(.string(text))
            case .object(let object):
                guard let microseconds = object["t"]?.string.flatMap({ Int64($0) }) else { return nil }
                values.append(.timestamp(Timestamp(microseconds: microseconds)))
            default: return nil
            }
        }
        self.init(direction, values)
    }
}

private let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

/// RFC 4648, section 5, without padding.
private func base64URL(_ bytes: [UInt8]) -> String {
    var output: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let chunk = bytes[start..<min(start + 3, bytes.count)]
        var group: UInt32 = 0
        for offset in 0..<3 { group = group << 8 | (offset < chunk.count ? UInt32(chunk[start + offset]) : 0) }
        for digit in 0...chunk.count { output.append(alphabet[Int(group >> (18 - 6 * UInt32(digit)) & 63)]) }
    }
    return String(decoding: output, as: UTF8.self)
}

private func decodeBase64URL(_ text: String) -> [UInt8]? {
    var output: [UInt8] = []
    var group: UInt32 = 0
    var bits = 0
    for byte in text.utf8 {
        let digit: UInt8
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit = byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): digit = byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0") + 52
        case UInt8(ascii: "-"): digit = 62
        case UInt8(ascii: "_"): digit = 63
        default: return nil
        }
        group = group << 6 | UInt32(digit)
        bits += 6
        if bits >= 8 {
            bits -= 8
            output.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
        }
    }
    return output
}
