/// Words that follow one another.
public struct FreeTextPhrase: Sendable, Hashable {
    /// Folded; at least one.
    public let words: [String]
    /// As it stands in a document: the words with a space before, between and behind them, in UTF-8.
    public let pattern: [UInt8]

    /// - Returns: `nil` for a text without letters and digits.
    public init?(_ text: String) {
        var document = FreeTextDocument()
        document.append(text)
        guard !document.isEmpty else { return nil }
        pattern = document.bytes
        words = pattern.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
    }
}
