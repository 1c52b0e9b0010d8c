/// A syntax error in JSON text, with its location.
///
/// Source: [RFC 8259](https://www.rfc-editor.org/rfc/rfc8259).
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Reason: Hashable, Sendable {
        case unexpectedEnd
        case unexpectedCharacter(UInt8, expected: String)
        case invalidNumber
        case invalidEscape
        case controlCharacterInString
        case invalidUTF8
        case tooDeep(limit: Int)
        case tooLarge
        case trailingCharacters
        case duplicateMember(String)
    }

    public let reason: Reason
    /// Offset at which the fault was detected, in bytes from the start of the text.
    public let offset: Int

    public init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    public var description: String {
        let problem =
            switch reason {
            case .unexpectedEnd: "the text ends inside a value"
            case .unexpectedCharacter(let byte, let expected):
                "unexpected \(Self.printable(byte)), expected \(expected)"
            case .invalidNumber: "not a JSON number"
            case .invalidEscape: "invalid escape sequence in a string"
            case .controlCharacterInString: "unescaped control character in a string"
            case .invalidUTF8: "a string is not valid UTF-8"
            case .tooDeep(let limit): "nested deeper than \(limit) levels"
            case .tooLarge: "text of 4 GiB or more"
            case .trailingCharacters: "characters after the end of the value"
            case .duplicateMember(let name): "member \"\(name)\" occurs twice in one object"
            }
        return "invalid JSON at byte \(offset): \(problem)"
    }

    private static func printable(_ byte: UInt8) -> String {
        byte > 0x20 && byte < 0x7f ? "'\(Character(Unicode.Scalar(byte)))'" : "byte 0x" + String(byte, radix: 16)
    }
}
