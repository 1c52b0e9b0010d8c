/// An item of CBOR: what authenticators write. Without tags, and without items of indefinite length.
///
/// Source: [RFC 8949](https://www.rfc-editor.org/rfc/rfc8949).
public enum CBORValue: Sendable, Hashable {
    /// A number from −2⁶⁴ to 2⁶⁴ − 1: `unsigned(n)` is *n*, `negative(n)` is −1 − *n*.
    case unsigned(UInt64)
    case negative(UInt64)
    case bytes([UInt8])
    case text(String)
    case array([CBORValue])
    case map([Key: CBORValue])
    case bool(Bool)
    case null
    case undefined
    case float(Double)

    /// A key of a map.
    public enum Key: Sendable, Hashable {
        case unsigned(UInt64)
        case negative(UInt64)
        case text(String)
    }

    /// The number, when it fits.
    public var int: Int? {
        switch self {
        case .unsigned(let number): Int(exactly: number)
        case .negative(let number): Int(exactly: number).map { -1 - $0 }
        default: nil
        }
    }

    public var bytes: [UInt8]? { if case .bytes(let bytes) = self { bytes } else { nil } }
    public var text: String? { if case .text(let text) = self { text } else { nil } }
    public var map: [Key: CBORValue]? { if case .map(let members) = self { members } else { nil } }

    public subscript(name: String) -> CBORValue? { map?[.text(name)] }

    public subscript(label: Int) -> CBORValue? {
        map?[label >= 0 ? .unsigned(UInt64(label)) : .negative(UInt64(-1 - label))]
    }
}
