/// Why bytes are not one item of CBOR that we accept.
public enum CBORError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The bytes end inside an item, or before as many as a length says. All offsets are in bytes.
    case truncated(at: Int)
    /// A head that RFC 8949 reserves.
    case reserved(at: Int)
    /// A string, array or map without length.
    case indefiniteLength(at: Int)
    /// A number or length that is written longer than necessary.
    case notShortest(at: Int)
    case tag(at: Int)
    /// A simple value other than false, true, null and undefined.
    case simpleValue(at: Int)
    case invalidUTF8(at: Int)
    /// A map has two equal keys.
    case duplicateKey(at: Int)
    /// A key of a map is neither a number nor a text.
    case unsupportedKey(at: Int)
    case tooDeep(at: Int, limit: Int)
    case tooLong(byteCount: Int, limit: Int)
    case trailingBytes(at: Int)

    public var description: String {
        switch self {
        case .truncated(let offset): "invalid CBOR at byte \(offset): the bytes end inside an item"
        case .reserved(let offset): "invalid CBOR at byte \(offset): reserved head"
        case .indefiniteLength(let offset): "invalid CBOR at byte \(offset): no length is given"
        case .notShortest(let offset): "invalid CBOR at byte \(offset): not in the shortest form"
        case .tag(let offset): "invalid CBOR at byte \(offset): tags are not accepted"
        case .simpleValue(let offset): "invalid CBOR at byte \(offset): unknown simple value"
        case .invalidUTF8(let offset): "invalid CBOR at byte \(offset): a text is not valid UTF-8"
        case .duplicateKey(let offset): "invalid CBOR at byte \(offset): the key occurs twice in one map"
        case .unsupportedKey(let offset): "invalid CBOR at byte \(offset): the key is neither number nor text"
        case .tooDeep(let offset, let limit): "invalid CBOR at byte \(offset): nested deeper than \(limit) levels"
        case .tooLong(let byteCount, let limit): "\(byteCount) bytes of CBOR; at most \(limit) are accepted"
        case .trailingBytes(let offset): "invalid CBOR at byte \(offset): bytes after the end of the item"
        }
    }
}
