/// A pattern of `LIKE`, ready to be matched against many texts.
///
/// `%` stands for any number of characters, `_` for one, a backslash takes either's meaning away. A character is a
/// Unicode scalar: `é` is one when composed, and two when not.
///
/// Source: [requirement /req/advanced-comparison-operators/like-predicate](https://docs.ogc.org/is/21-065r2/21-065r2.html#advanced-comparison-operators).
public struct LikePattern: Sendable, Hashable {
    /// A byte of UTF-8, or one of the two below.
    private let elements: [UInt16]
    private static let anyCharacter: UInt16 = 256
    private static let anyText: UInt16 = 257

    public init(_ pattern: String) {
        var elements: [UInt16] = []
        var isEscaped = false
        for byte in pattern.utf8 {
            switch byte {
            case _ where isEscaped:
                elements.append(UInt16(byte))
                isEscaped = false
            case UInt8(ascii: "\\"): isEscaped = true
            case UInt8(ascii: "_"): elements.append(Self.anyCharacter)
            // Two in a row mean the same as one.
            case UInt8(ascii: "%"): if elements.last != Self.anyText { elements.append(Self.anyText) }
            default: elements.append(UInt16(byte))
            }
        }
        if isEscaped { elements.append(UInt16(UInt8(ascii: "\\"))) }
        self.elements = elements
    }

    /// The text that alone matches, when the pattern has no wildcard.
    public var literal: String? {
        elements.allSatisfy { $0 < 256 } ? String(decoding: prefix, as: UTF8.self) : nil
    }

    /// The common prefix of all matching texts, in UTF-8.
    public var prefix: [UInt8] {
        elements.prefix { $0 < 256 }.map(UInt8.init(truncatingIfNeeded:))
    }

    public func matches(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { matches(UnsafeRawBufferPointer($0)) }
    }

    /// As `matches(_:)`, for UTF-8 bytes.
    ///
    /// Only the last `%` before a mismatch is tried further on, since an earlier one could match nothing that it
    /// cannot.
    ///
    /// - Complexity: O(*n*) for a pattern whose parts between `%` do not repeat themselves, O(*n* · *m*) at worst.
    public func matches(_ text: UnsafeRawBufferPointer) -> Bool {
        var at = 0
        var element = 0
        var lastAnyText = -1
        var resume = 0
        while at < text.count {
            if element < elements.count {
                switch elements[element] {
                case Self.anyText:
                    lastAnyText = element
                    resume = at
                    element += 1
                    continue
                case Self.anyCharacter:
                    at = next(at, text)
                    element += 1
                    continue
                case UInt16(text[at]):
                    at += 1
                    element += 1
                    continue
                default: break
                }
            }
            guard lastAnyText >= 0 else { return false }
            resume = next(resume, text)
            at = resume
            element = lastAnyText + 1
        }
        while element < elements.count, elements[element] == Self.anyText { element += 1 }
        return element == elements.count
    }

    /// Start of the next character.
    private func next(_ at: Int, _ text: UnsafeRawBufferPointer) -> Int {
        var next = at + 1
        while next < text.count, text[next] & 0xC0 == 0x80 { next += 1 }
        return next
    }
}
