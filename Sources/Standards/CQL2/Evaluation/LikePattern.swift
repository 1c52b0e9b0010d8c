#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A pattern of `LIKE`, ready to be matched against many texts.
///
/// `%` stands for any number of characters, `_` for one, a backslash takes either's meaning away. A character is a
/// Unicode scalar: `é` is one when composed, and two when not.
///
/// Source: [requirement /req/advanced-comparison-operators/like-predicate](https://docs.ogc.org/is/21-065r2/21-065r2.html#advanced-comparison-operators).
public struct LikePattern: Sendable, Hashable {
    /// What stands between two `%`.
    fileprivate struct Piece: Hashable {
        /// UTF-8, with a byte for each `_` that does not occur in UTF-8.
        var bytes: [UInt8] = []
        var hasWildcard = false
        /// Characters that it matches.
        var characterCount = 0
        /// For each byte, how many before it, it included, are the part's first ones again: what a search that fails at
        /// the next byte need not look at a second time (Knuth, Morris and Pratt 1977). Empty with a `_`.
        private(set) var repeats: [Int] = []

        mutating func index() {
            guard !hasWildcard else { return }
            repeats = Array(repeating: 0, count: bytes.count)
            var length = 0
            for place in bytes.indices.dropFirst() {
                while length > 0, bytes[place] != bytes[length] { length = repeats[length - 1] }
                if bytes[place] == bytes[length] { length += 1 }
                repeats[place] = length
            }
        }

        static let anyCharacter: UInt8 = 0xff
    }

    /// At least one; the first is matched at the text's start, the last at its end.
    private let pieces: [Piece]

    public init(_ pattern: String) {
        var pieces = [Piece()]
        var isEscaped = false
        for byte in pattern.utf8 {
            let last = pieces.count - 1
            switch byte {
            case UInt8(ascii: "\\") where !isEscaped:
                isEscaped = true
                continue
            case UInt8(ascii: "_") where !isEscaped:
                pieces[last].bytes.append(Piece.anyCharacter)
                pieces[last].hasWildcard = true
                pieces[last].characterCount += 1
            case UInt8(ascii: "%") where !isEscaped:
                // Two in a row mean the same as one.
                if last == 0 || !pieces[last].bytes.isEmpty { pieces.append(Piece()) }
            default:
                pieces[last].bytes.append(byte)
                if byte & 0xC0 != 0x80 { pieces[last].characterCount += 1 }
            }
            isEscaped = false
        }
        if isEscaped {
            pieces[pieces.count - 1].bytes.append(UInt8(ascii: "\\"))
            pieces[pieces.count - 1].characterCount += 1
        }
        for place in pieces.indices { pieces[place].index() }
        self.pieces = pieces
    }

    /// The text that alone matches, when the pattern has no wildcard.
    public var literal: String? {
        pieces.count == 1 && !pieces[0].hasWildcard ? String(decoding: pieces[0].bytes, as: UTF8.self) : nil
    }

    /// The common prefix of all matching texts, in UTF-8.
    public var prefix: [UInt8] { Array(pieces[0].bytes.prefix { $0 != Piece.anyCharacter }) }

    public func matches(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { matches(UnsafeRawBufferPointer($0)) }
    }

    /// As `matches(_:)`, for UTF-8 bytes.
    ///
    /// The first place of each part between two `%` is as good as any later one.
    ///
    /// - Complexity: O(*n* + *m*) without `_`; a part with `_` is tried at each character.
    public func matches(_ text: UnsafeRawBufferPointer) -> Bool {
        guard var at = end(of: pieces[0], at: 0, text) else { return false }
        guard pieces.count > 1 else { return at == text.count }
        let last = pieces[pieces.count - 1]
        guard let tail = start(ofLast: last.characterCount, text), tail >= at,
            end(of: last, at: tail, text) == text.count
        else { return false }
        for piece in pieces.dropFirst().dropLast() {
            guard let next = find(piece, from: at, before: tail, text) else { return false }
            at = next
        }
        return true
    }

    /// The end of a part that matches at that place.
    private func end(of piece: Piece, at start: Int, _ text: UnsafeRawBufferPointer) -> Int? {
        guard piece.bytes.count <= text.count - start else { return nil }
        var at = start
        for byte in piece.bytes {
            guard at < text.count else { return nil }
            if byte == Piece.anyCharacter {
                at = next(at, text)
            } else if byte == text[at] {
                at += 1
            } else {
                return nil
            }
        }
        return at
    }

    /// The end of the first match of a part within `from..<before`.
    private func find(_ piece: Piece, from: Int, before: Int, _ text: UnsafeRawBufferPointer) -> Int? {
        guard piece.bytes.count <= before - from, let base = text.baseAddress else { return nil }
        guard piece.hasWildcard else { return piece.end(in: base, from: from, before: before) }
        var at = from
        while at <= before - piece.bytes.count {
            if let end = end(of: piece, at: at, text), end <= before { return end }
            at = next(at, text)
        }
        return nil
    }

    /// Where the last so many characters start; `nil` when the text has fewer.
    private func start(ofLast count: Int, _ text: UnsafeRawBufferPointer) -> Int? {
        var at = text.count
        for _ in 0..<count {
            guard at > 0 else { return nil }
            at -= 1
            while at > 0, text[at] & 0xC0 == 0x80 { at -= 1 }
        }
        return at
    }

    /// Start of the next character.
    private func next(_ at: Int, _ text: UnsafeRawBufferPointer) -> Int {
        var next = at + 1
        while next < text.count, text[next] & 0xC0 == 0x80 { next += 1 }
        return next
    }
}

extension LikePattern.Piece {
    /// The end of its first place within `from..<before`.
    fileprivate func end(in text: UnsafeRawPointer, from: Int, before: Int) -> Int? {
        var (at, length) = (from, 0)
        return bytes.withUnsafeBufferPointer { bytes in
            // In bounds: `at` is below `before`, and `length` below the count of bytes.
            while at < before {
                if length == 0 {
                    guard let first = memchr(text + at, Int32(bytes[0]), before - at) else { return nil }
                    at = UnsafeRawPointer(first) - text
                }
                let byte = text.load(fromByteOffset: at, as: UInt8.self)
                while length > 0, byte != bytes[length] { length = repeats[length - 1] }
                if byte == bytes[length] { length += 1 }
                at += 1
                if length == bytes.count { return at }
            }
            return nil
        }
    }
}
