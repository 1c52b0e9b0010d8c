/// What a person types to let a device sign in: eight letters without vowels, shown as `WDJB-MJHT`.
///
/// Source: [RFC 8628, section 6.1](https://www.rfc-editor.org/rfc/rfc8628#section-6.1).
public struct UserCode: Sendable, Hashable, CustomStringConvertible {
    static let alphabet = Array("BCDFGHJKLMNPQRSTVWXZ".utf8)
    static let letterCount = 8

    let letters: [UInt8]

    /// One in 2.56 · 10¹⁰.
    init() {
        var generator = SystemRandomNumberGenerator()
        letters = (0..<Self.letterCount).map { _ in
            Self.alphabet[Int.random(in: 0..<Self.alphabet.count, using: &generator)]
        }
    }

    /// - Parameter text: As it was typed: case, hyphens, dots and blanks do not matter.
    /// - Returns: `nil`: no code can be meant.
    public init?(_ text: String) {
        guard text.utf8.count <= 100 else { return nil }
        let letters = Array(text.uppercased().filter { !$0.isWhitespace && !"-._‐‑–".contains($0) }.utf8)
        guard letters.count == Self.letterCount, letters.allSatisfy(Self.alphabet.contains) else { return nil }
        self.letters = letters
    }

    public var description: String {
        String(decoding: letters.prefix(4) + [UInt8(ascii: "-")] + letters.suffix(4), as: UTF8.self)
    }

    var hash: [UInt8] { Secret.hash(description) }
}
