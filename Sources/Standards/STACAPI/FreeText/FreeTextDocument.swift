import CQL2

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The words of some texts, in their order: folded as `CASEI` and `ACCENTI` do, each with a space before and behind it.
/// Between two texts there are two spaces, so that no phrase reaches from one into the other.
///
/// A word is as many letters and digits as follow one another. In scripts that are written without spaces, each
/// character is a word, and a word is a phrase.
public struct FreeTextDocument: Sendable, Hashable {
    /// UTF-8.
    public private(set) var bytes: [UInt8] = []

    /// Texts beyond so many bytes are left out.
    public static let maximumByteCount = 1 << 20

    public init() {}

    public var isEmpty: Bool { bytes.isEmpty }

    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        textEnd = 0
    }

    public mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    /// - Parameter text: UTF-8.
    public mutating func append(_ text: UnsafeRawBufferPointer) {
        guard bytes.count + text.count <= Self.maximumByteCount else { return }
        guard text.allSatisfy({ $0 < 0x80 }) else {
            appendFolded(String(decoding: text, as: UTF8.self))
            return
        }
        var isInWord = false
        for byte in text {
            switch byte {
            case 0x61...0x7a, 0x30...0x39: appendToWord(byte, &isInWord)
            case 0x41...0x5a: appendToWord(byte | 0x20, &isInWord)
            default: endWord(&isInWord)
            }
        }
        endWord(&isInWord)
        endText()
    }

    private mutating func appendFolded(_ text: String) {
        var isInWord = false
        for scalar in TextFolding.withoutAccents(TextFolding.caseFolded(text)).unicodeScalars {
            guard scalar.isWordCharacter else {
                endWord(&isInWord)
                continue
            }
            if scalar.isWord { endWord(&isInWord) }
            for byte in UTF8.encode(scalar) ?? .init() { appendToWord(byte, &isInWord) }
            if scalar.isWord { endWord(&isInWord) }
        }
        endWord(&isInWord)
        endText()
    }

    @inline(__always)
    private mutating func appendToWord(_ byte: UInt8, _ isInWord: inout Bool) {
        if !isInWord {
            // The space behind the word before serves both, unless a text has ended there.
            if textEnd == bytes.count { bytes.append(Self.space) }
            isInWord = true
        }
        bytes.append(byte)
    }

    @inline(__always)
    private mutating func endWord(_ isInWord: inout Bool) {
        if isInWord { bytes.append(Self.space) }
        isInWord = false
    }

    private mutating func endText() { textEnd = bytes.count }

    /// End of the last text.
    private var textEnd = 0
    private static let space = UInt8(ascii: " ")

    public func contains(_ phrase: FreeTextPhrase) -> Bool {
        bytes.withUnsafeBytes { phrase.occurs(inDocument: $0) }
    }

    public static func == (left: FreeTextDocument, right: FreeTextDocument) -> Bool { left.bytes == right.bytes }
    public func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}

extension FreeTextPhrase {
    /// - Parameter document: The bytes of a `FreeTextDocument`.
    public func occurs(inDocument document: UnsafeRawBufferPointer) -> Bool {
        guard let start = document.baseAddress else { return false }
        return pattern.withUnsafeBytes { pattern in
            guard let wanted = pattern.baseAddress else { return false }
            var at = 0
            // In bounds: where a pattern is compared, as many bytes are left. It begins with a space, as words do.
            while document.count - at >= pattern.count {
                guard let space = memchr(start + at, Int32(UInt8(ascii: " ")), document.count - at) else {
                    return false
                }
                at = UnsafeRawPointer(space) - start
                if document.count - at >= pattern.count, memcmp(space, wanted, pattern.count) == 0 { return true }
                at += 1
            }
            return false
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isWordCharacter: Bool { properties.isAlphabetic || properties.numericType != nil }

    /// Whether the character is a word by itself: ideographs, kana, and the letters of Thai and Lao.
    fileprivate var isWord: Bool {
        switch value {
        case 0x0E00...0x0EFF, 0x3040...0x30FF, 0x31F0...0x31FF, 0xFF66...0xFF9F: true
        default: properties.isIdeographic
        }
    }
}
