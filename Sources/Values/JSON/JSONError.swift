/// A fault of a JSON text, with its location.
///
/// Sources: [RFC 8259](https://www.rfc-editor.org/rfc/rfc8259), [RFC 7493](https://www.rfc-editor.org/rfc/rfc7493).
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

        // Valid by RFC 8259 and not by RFC 7493.
        case duplicateMember(String)
        case loneSurrogate
        case noncharacter
        case numberOutOfRange
    }

    public let reason: Reason
    /// Offset at which the fault was detected, in bytes from the start of the text.
    public let offset: Int
    /// The value or the member concerned, as in `assets.B02.href`; `nil` for a fault of syntax.
    public let path: String?

    public init(_ reason: Reason, at offset: Int, path: String? = nil) {
        self.reason = reason
        self.offset = offset
        self.path = path.map(Self.shortened)
    }

    public var description: String { description(withPath: true) }

    /// The description; without the path for those who show that by its side.
    public func description(withPath: Bool) -> String {
        let place = withPath ? path.map { $0.isEmpty ? "" : $0 + ": " } ?? "" : ""
        return "invalid JSON at byte \(offset): \(place)\(problem)"
    }

    private var problem: String {
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
        case .duplicateMember(let name): "member \"\(Self.shortened(name))\" occurs twice in one object"
        case .loneSurrogate: "a string has half of a surrogate pair, which is no character"
        case .noncharacter: "a string has a code point that is no character, such as U+FFFF"
        case .numberOutOfRange: "the number is beyond those of 64-bit floating point (1.8e308)"
        }
    }

    private static func shortened(_ text: String) -> String {
        text.utf8.count <= 200 ? text : String(decoding: text.utf8.prefix(200), as: UTF8.self) + "…"
    }

    private static func printable(_ byte: UInt8) -> String {
        byte > 0x20 && byte < 0x7f ? "'\(Character(Unicode.Scalar(byte)))'" : "byte 0x" + String(byte, radix: 16)
    }
}
