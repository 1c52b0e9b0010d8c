/// Cuts Items out of JSON documents that may stand on many lines: a single Item, a FeatureCollection, an array of
/// Items, or several of these one after the other.
///
/// Tracks brackets and strings only; faults inside an Item are left to the parser. Of a FeatureCollection no more than
/// one Item is held, regardless of size and line breaks.
struct DocumentCutter {
    /// As deep as the parser goes inside an Item, below the array of a FeatureCollection.
    private static let depthLimit = 256 + 2

    /// The closing bracket of each open one.
    private var open: [UInt8] = []
    private var isInString = false
    private var isEscaped = false
    /// Number of open brackets around the Items of an array; `nil` outside.
    private var arrayDepth: Int?
    private var isAfterItem = false
    private var isAfterComma = false
    /// Number of open brackets around the open Item.
    private var itemDepth = 0

    // The top-level object's members, to see whether it is a FeatureCollection.
    private enum Name { case none, features, type, other }
    private var text: [UInt8] = []
    private var lastName = Name.none
    private var member = Name.none
    private var isFeature = false
    private var isCollection = false

    // Whether the file is NDJSON.
    private var isFirst = true
    private var firstLine = 0
    /// Count of whitespace since the first line's end while only whitespace follows; -1 otherwise.
    private var breakLength = -1

    /// - Returns: Number of bytes taken, and whether the file is NDJSON from there on. The line's Item may be open.
    mutating func consume(
        _ chunk: UnsafeRawBufferPointer, line: inout Int, into builder: inout BatchBuilder
    ) throws(MalformedText) -> (taken: Int, isLines: Bool) {
        var at = 0
        /// First byte of the open Item that has not been appended yet.
        var copied = 0
        func append(upTo end: Int, _ builder: inout BatchBuilder) {
            if builder.isOpen, end > copied { builder.append(UnsafeRawBufferPointer(rebasing: chunk[copied..<end])) }
            copied = end
        }

        while at < chunk.count {
            if isInString {
                at = skipString(chunk, at)
                guard at < chunk.count else { break }
                if chunk[at] == 0x0a {
                    append(upTo: at, &builder)
                    guard mayBeLine(line, builder) else {
                        throw MalformedText(line: line, reason: "a line break inside a string")
                    }
                    return (at, true)
                }
                at += 1
                continue
            }
            if open.count > insideDepth, breakLength < 0 {
                at = skipInside(chunk, at)
                guard at < chunk.count else { break }
            }
            let byte = chunk[at]
            if isWhitespace(byte) {
                if byte == 0x0a {
                    if mayBeLine(line, builder) {
                        append(upTo: at, &builder)
                        breakLength = 0
                    }
                    line += 1
                }
                if breakLength >= 0 { breakLength += 1 }
                at += 1
                continue
            }
            if breakLength >= 0 {
                append(upTo: at, &builder)
                if byte == UInt8(ascii: "{"), !mayBeginObject(after: builder) {
                    // The first line was cut off, and here is the next.
                    builder.close(withoutLast: breakLength)
                    return (at, true)
                }
                breakLength = -1
            }
            let wasOpen = builder.isOpen
            if let reason = step(byte, line, &builder) {
                append(upTo: at, &builder)
                if isFirst, open.isEmpty, !builder.isOpen { return (at, true) }
                guard mayBeLine(line, builder) else { throw MalformedText(line: line, reason: reason) }
                return (at, true)
            }
            if builder.isOpen, !wasOpen { copied = at }
            at += 1
            if builder.isOpen, open.count == itemDepth {
                append(upTo: at, &builder)
                // A first line that is a whole Item: so will be the others. The rest of the line belongs to it.
                if isFirst, itemDepth == 0, line == firstLine { return (at, true) }
                builder.close()
                if itemDepth == 0 { isFirst = false }
                isAfterItem = true
                isAfterComma = false
                if builder.isFull { return (at, false) }
            }
        }
        append(upTo: at, &builder)
        return (at, false)
    }

    mutating func finish(line: Int, into builder: inout BatchBuilder) throws(MalformedText) {
        guard !open.isEmpty else { return }
        // A lone line is passed on as it is.
        if mayBeLine(line, builder) { return }
        builder.discard()
        throw MalformedText(line: line, reason: "the text ends inside the JSON that begins on line \(firstLine)")
    }

    /// Whether all that has come so far is one unfinished line.
    private func mayBeLine(_ line: Int, _ builder: BatchBuilder) -> Bool {
        isFirst && builder.isOpen && itemDepth == 0 && line == firstLine
    }

    /// Whether JSON allows an object after the first line, whose end is held.
    private func mayBeginObject(after builder: BatchBuilder) -> Bool {
        guard !builder.isDropped, let last = builder.openText.last(where: { !isWhitespace($0) }) else { return true }
        return open.last == UInt8(ascii: "}")
            ? last == UInt8(ascii: ":") : last == UInt8(ascii: "[") || last == UInt8(ascii: ",")
    }

    // MARK: Brackets

    /// Takes one byte outside strings that is no whitespace.
    ///
    /// - Returns: The fault, if any; nothing has changed then.
    private mutating func step(_ byte: UInt8, _ line: Int, _ builder: inout BatchBuilder) -> String? {
        if open.isEmpty { return begin(byte, line, &builder) }
        if open.count == arrayDepth { return between(byte, line, &builder) }
        switch byte {
        case UInt8(ascii: "\""):
            isInString = true
            text.removeAll(keepingCapacity: true)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard open.count < Self.depthLimit else { return "nested deeper than 256 levels" }
            if open.count == 1, byte == UInt8(ascii: "["), member == .features, !isFeature, !isCollection {
                builder.discard()
                isCollection = true
                beginArray(depth: 2)
            }
            open.append(byte + 2)
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            guard byte == open.last else { return "unexpected '\(Character(Unicode.Scalar(byte)))'" }
            open.removeLast()
            if open.isEmpty, isCollection { isFirst = false }
        case UInt8(ascii: ":") where open.count == 1: member = lastName
        case UInt8(ascii: ",") where open.count == 1: member = .none
        default: break
        }
        return nil
    }

    /// Outside of documents.
    private mutating func begin(_ byte: UInt8, _ line: Int, _ builder: inout BatchBuilder) -> String? {
        switch byte {
        case UInt8(ascii: "{"):
            builder.open(line: line)
            itemDepth = 0
            (lastName, member, isFeature, isCollection) = (.none, .none, false, false)
        case UInt8(ascii: "["):
            beginArray(depth: 1)
            isFirst = false
        default: return "expected an object or an array"
        }
        open.append(byte + 2)
        firstLine = line
        return nil
    }

    private mutating func beginArray(depth: Int) {
        arrayDepth = depth
        isAfterItem = false
        isAfterComma = false
    }

    /// Between the Items of an array.
    private mutating func between(_ byte: UInt8, _ line: Int, _ builder: inout BatchBuilder) -> String? {
        switch byte {
        case UInt8(ascii: "{"):
            if isAfterItem { return "expected ',' or ']' after an Item" }
            builder.open(line: line)
            itemDepth = open.count
            open.append(UInt8(ascii: "}"))
        case UInt8(ascii: ","):
            guard isAfterItem else { return "expected an Item before ','" }
            isAfterItem = false
            isAfterComma = true
        case UInt8(ascii: "]"):
            if isAfterComma { return "expected an Item after ','" }
            arrayDepth = nil
            open.removeLast()
            member = .none
        default: return isAfterItem ? "expected ',' or ']' after an Item" : "expected an Item, an object"
        }
        return nil
    }

    /// With more brackets open than this, only brackets, strings and line breaks matter.
    private var insideDepth: Int { max(1, arrayDepth ?? 0) }

    /// Position of the next byte that matters, or the end of the chunk.
    @inline(__always)
    private func skipInside(_ chunk: UnsafeRawBufferPointer, _ start: Int) -> Int {
        var at = start
        while at < chunk.count {
            let byte = chunk[at]
            // '[' and '{', ']' and '}' differ in this one bit.
            let bracket = byte | 0x20
            if byte == UInt8(ascii: "\"") || bracket == UInt8(ascii: "{") || bracket == UInt8(ascii: "}")
                || byte == 0x0a
            {
                break
            }
            at &+= 1
        }
        return at
    }

    // MARK: Strings

    /// Continues in a string up to its end.
    ///
    /// - Returns: Position of the closing quote, which is done with, or of a line break, or the end of the chunk.
    private mutating func skipString(_ chunk: UnsafeRawBufferPointer, _ start: Int) -> Int {
        var at = start
        let isName = open.count == 1 && !isCollection
        while at < chunk.count {
            if !isEscaped, !isName { at = skipPlain(chunk, at) }
            guard at < chunk.count else { break }
            let byte = chunk[at]
            if byte == 0x0a { return at }
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString = false
                if isName { endName() }
                return at
            }
            // Enough to distinguish the relevant names.
            if isName, text.count < 16 { text.append(byte) }
            at += 1
        }
        return at
    }

    /// Skips, eight bytes at a time, bytes other than quotes, backslashes and control characters.
    @inline(__always)
    private func skipPlain(_ chunk: UnsafeRawBufferPointer, _ start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        var at = start
        // In bounds: eight bytes are read only where eight are left.
        while at &+ 8 <= chunk.count {
            let word = UInt64(littleEndian: chunk.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            let quote = word ^ (ones &* 0x22)
            let backslash = word ^ (ones &* 0x5c)
            let control = (word &- (ones &* 0x20)) & ~word
            let stops =
                (((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | control) & (ones &* 0x80)
            // The lowest set bit is exact; borrows disturb only bytes above it.
            if stops != 0 { return at &+ stops.trailingZeroBitCount >> 3 }
            at &+= 8
        }
        return at
    }

    private mutating func endName() {
        if member == .type, text.elementsEqual("Feature".utf8) { isFeature = true }
        guard member == .none else { return }
        if text.elementsEqual("features".utf8) {
            lastName = .features
        } else if text.elementsEqual("type".utf8) {
            lastName = .type
        } else {
            lastName = .other
        }
    }
}
