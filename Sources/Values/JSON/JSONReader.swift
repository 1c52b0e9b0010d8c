/// Reads JSON texts into a flat list of nodes over the text's own bytes, without building values.
///
/// A reader reuses its node buffer between texts; use one per thread. Accepted texts are well-formed JSON in valid
/// UTF-8, by default I-JSON, so that their bytes can be passed on unchanged.
///
/// Sources: [RFC 8259](https://www.rfc-editor.org/rfc/rfc8259), [RFC 7493](https://www.rfc-editor.org/rfc/rfc7493).
public final class JSONReader {
    /// Containers may be nested this deep.
    public static let depthLimit = 256

    private var nodes: UnsafeMutablePointer<JSONNode>
    private var capacity: Int
    private var count = 0
    private let rules: JSONRules
    private let names = NameTable()
    /// The first token that I-JSON does not allow, in the text that was read last.
    private var firstFlaw: JSONError?
    /// Bytes of insignificant whitespace in the text that was read last.
    public private(set) var whitespaceCount = 0

    public init(_ rules: JSONRules = .iJSON) {
        self.rules = rules
        capacity = 1024
        nodes = .allocate(capacity: capacity)
    }

    deinit {
        nodes.deallocate()
    }

    /// Parses `text` and hands its root to `body`. Elements must not be used after `body` has returned.
    ///
    /// - Throws: `JSONError` when `text` is not exactly one JSON value by the reader's rules; errors of `body`.
    /// - Complexity: O(*n*) in the bytes of the text; memory 16 bytes per value.
    public func read<Result>(
        _ text: UnsafeRawBufferPointer, _ body: (JSONElement) throws -> Result
    ) throws -> Result {
        try parse(text)
        guard let base = text.baseAddress else { throw JSONError(.unexpectedEnd, at: 0) }
        let root = JSONElement(base: base.assumingMemoryBound(to: UInt8.self), nodes: nodes, index: 0)
        if rules == .iJSON, let fault = interoperabilityFault(of: root) { throw fault }
        return try body(root)
    }

    /// Why the text that was read last is not I-JSON; `nil` when it is.
    ///
    /// - Parameter root: The text's, inside of `read`.
    public func interoperabilityFault(of root: JSONElement) -> JSONError? {
        if let firstFlaw {
            return JSONError(firstFlaw.reason, at: firstFlaw.offset, path: root.path(toByteAt: firstFlaw.offset))
        }
        guard let name = root.firstDuplicateName(names) else { return nil }
        let offset = name.byteRange.lowerBound
        return JSONError(.duplicateMember(name.string ?? ""), at: offset, path: root.path(toByteAt: offset))
    }

    /// Records a token that only I-JSON forbids: such a text may still be read by other rules.
    private func recordFlaw(_ reason: JSONError.Reason, at offset: Int) {
        if firstFlaw == nil { firstFlaw = JSONError(reason, at: offset) }
    }

    /// As `read(_:_:)`, for bytes in an array.
    public func read<Result>(_ text: [UInt8], _ body: (JSONElement) throws -> Result) throws -> Result {
        try text.withUnsafeBytes { try read($0, body) }
    }

    @inline(__always)
    private func append(_ kind: JSONNode.Kind, _ start: Int, _ end: Int, hasEscapes: Bool = false) {
        if count == capacity { grow() }
        // In bounds: grow() has just made room where there was none.
        (nodes + count).initialize(
            to: JSONNode(
                start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end),
                next: UInt32(truncatingIfNeeded: count + 1), kind: kind, hasEscapes: hasEscapes))
        count += 1
    }

    private func grow() {
        let larger = UnsafeMutablePointer<JSONNode>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: nodes, count: count)
        nodes.deallocate()
        nodes = larger
        capacity *= 2
    }

    // MARK: Parsing

    /// A loop over tokens with the open containers on a stack of their own, so that depth costs no call stack.
    private func parse(_ text: UnsafeRawBufferPointer) throws(JSONError) {
        count = 0
        whitespaceCount = 0
        firstFlaw = nil
        let size = text.count
        guard size < Int(UInt32.max) else { throw JSONError(.tooLarge, at: size) }
        guard size > 0, let base = text.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
            throw JSONError(.unexpectedEnd, at: 0)
        }
        var open: [UInt32] = []
        open.reserveCapacity(16)
        var at = skipWhitespace(base, 0, size)

        value: while true {
            guard at < size else { throw JSONError(.unexpectedEnd, at: at) }
            switch base[at] {
            case UInt8(ascii: "\""):
                at = try string(base, at, size)
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                let isObject = base[at] == UInt8(ascii: "{")
                guard open.count < Self.depthLimit else { throw JSONError(.tooDeep(limit: Self.depthLimit), at: at) }
                open.append(UInt32(truncatingIfNeeded: count))
                append(isObject ? .object : .array, at, at)
                at = skipWhitespace(base, at + 1, size)
                guard at < size else { throw JSONError(.unexpectedEnd, at: at) }
                if base[at] == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                    at += 1
                    close(&open, at)
                    break
                }
                if isObject { at = try memberName(base, at, size) }
                continue value
            case UInt8(ascii: "t"):
                at = try literal(base, at, size, "true", .true)
            case UInt8(ascii: "f"):
                at = try literal(base, at, size, "false", .false)
            case UInt8(ascii: "n"):
                at = try literal(base, at, size, "null", .null)
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                at = try number(base, at, size)
            default:
                throw JSONError(.unexpectedCharacter(base[at], expected: "a value"), at: at)
            }

            // After a value: close containers until one continues, or the text ends.
            while let container = open.last {
                at = skipWhitespace(base, at, size)
                guard at < size else { throw JSONError(.unexpectedEnd, at: at) }
                let isObject = nodes[Int(container)].kind == .object
                if base[at] == UInt8(ascii: ",") {
                    at = skipWhitespace(base, at + 1, size)
                    if isObject { at = try memberName(base, at, size) }
                    continue value
                }
                guard base[at] == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                    throw JSONError(
                        .unexpectedCharacter(base[at], expected: isObject ? "',' or '}'" : "',' or ']'"), at: at)
                }
                at += 1
                close(&open, at)
            }
            at = skipWhitespace(base, at, size)
            guard at == size else { throw JSONError(.trailingCharacters, at: at) }
            return
        }
    }

    @inline(__always)
    private func close(_ open: inout [UInt32], _ end: Int) {
        let container = Int(open.removeLast())
        nodes[container].end = UInt32(truncatingIfNeeded: end)
        nodes[container].next = UInt32(truncatingIfNeeded: count)
    }

    @inline(__always)
    private func skipWhitespace(_ base: UnsafePointer<UInt8>, _ start: Int, _ size: Int) -> Int {
        var at = start
        while at < size, base[at] <= 0x20 {
            let byte = base[at]
            guard byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { break }
            at += 1
        }
        whitespaceCount += at - start
        return at
    }

    @inline(__always)
    private func memberName(_ base: UnsafePointer<UInt8>, _ start: Int, _ size: Int) throws(JSONError) -> Int {
        guard start < size else { throw JSONError(.unexpectedEnd, at: start) }
        guard base[start] == UInt8(ascii: "\"") else {
            throw JSONError(.unexpectedCharacter(base[start], expected: "a member name in quotes"), at: start)
        }
        var at = try string(base, start, size)
        at = skipWhitespace(base, at, size)
        guard at < size else { throw JSONError(.unexpectedEnd, at: at) }
        guard base[at] == UInt8(ascii: ":") else {
            throw JSONError(.unexpectedCharacter(base[at], expected: "':'"), at: at)
        }
        return skipWhitespace(base, at + 1, size)
    }

    private func literal(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ size: Int, _ word: StaticString, _ kind: JSONNode.Kind
    ) throws(JSONError) -> Int {
        let end = start + word.utf8CodeUnitCount
        guard end <= size else { throw JSONError(.unexpectedEnd, at: size) }
        for index in 0..<word.utf8CodeUnitCount where base[start + index] != word.utf8Start[index] {
            throw JSONError(.unexpectedCharacter(base[start + index], expected: "\(word)"), at: start + index)
        }
        append(kind, start, end)
        return end
    }

    /// Eight bytes at a time: `true` in the top bit of each byte that ends a plain run of a string.
    @inline(__always)
    private static func stops(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops: UInt64 = 0x8080_8080_8080_8080
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5c)
        let control = (word &- (ones &* 0x20)) & ~word
        return (((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | control | word) & tops
    }

    @inline(__always)
    private func string(_ base: UnsafePointer<UInt8>, _ start: Int, _ size: Int) throws(JSONError) -> Int {
        var at = start + 1
        var hasEscapes = false
        while true {
            // In bounds: eight bytes are read only where eight are left.
            while at &+ 8 <= size {
                let word = UInt64(littleEndian: UnsafeRawPointer(base + at).loadUnaligned(as: UInt64.self))
                let stops = Self.stops(word)
                if stops != 0 {
                    // The lowest set bit is exact; borrows disturb only bytes above it.
                    at = at &+ (stops.trailingZeroBitCount >> 3)
                    break
                }
                at = at &+ 8
            }
            guard at < size else { throw JSONError(.unexpectedEnd, at: size) }
            let byte = base[at]
            if byte == UInt8(ascii: "\"") {
                append(.string, start, at + 1, hasEscapes: hasEscapes)
                return at + 1
            } else if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                at = try escape(base, at, size)
            } else if byte >= 0x80 {
                at = try multibyte(base, at, size)
            } else if byte < 0x20 {
                throw JSONError(.controlCharacterInString, at: at)
            } else {
                at += 1
            }
        }
    }

    private func escape(_ base: UnsafePointer<UInt8>, _ start: Int, _ size: Int) throws(JSONError) -> Int {
        guard start + 1 < size else { throw JSONError(.unexpectedEnd, at: size) }
        switch base[start + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return start + 2
        case UInt8(ascii: "u"):
            guard start + 6 <= size else { throw JSONError(.unexpectedEnd, at: size) }
            let code = try codeUnit(base, start)
            if code & 0xf800 == 0xd800 { return try surrogate(code, base, start, size) }
            if Self.isNoncharacter(code) { recordFlaw(.noncharacter, at: start) }
            return start + 6
        default:
            throw JSONError(.invalidEscape, at: start)
        }
    }

    /// The number after `\u`; there are four more bytes.
    private func codeUnit(_ base: UnsafePointer<UInt8>, _ start: Int) throws(JSONError) -> UInt32 {
        var code: UInt32 = 0
        for index in start + 2..<start + 6 {
            guard let digit = hexValue(base[index]) else { throw JSONError(.invalidEscape, at: start) }
            code = code << 4 | digit
        }
        return code
    }

    /// Steps over a surrogate pair, or half of one.
    private func surrogate(
        _ code: UInt32, _ base: UnsafePointer<UInt8>, _ start: Int, _ size: Int
    ) throws(JSONError) -> Int {
        let second = start + 6
        guard code < 0xdc00, second + 6 <= size, base[second] == UInt8(ascii: "\\"),
            base[second + 1] == UInt8(ascii: "u"), case let low = try codeUnit(base, second), low & 0xfc00 == 0xdc00
        else {
            recordFlaw(.loneSurrogate, at: start)
            return second
        }
        if Self.isNoncharacter(0x10000 + (code & 0x3ff) << 10 + (low & 0x3ff)) { recordFlaw(.noncharacter, at: start) }
        return second + 6
    }

    /// Source: [Unicode 16, section 23.7](https://www.unicode.org/versions/Unicode16.0.0/core-spec/chapter-23/#G12612).
    private static func isNoncharacter(_ scalar: UInt32) -> Bool {
        scalar & 0xfffe == 0xfffe || (0xfdd0...0xfdef).contains(scalar)
    }

    /// Checks one UTF-8 sequence of two to four bytes (RFC 3629, section 4) and steps over it.
    private func multibyte(_ base: UnsafePointer<UInt8>, _ start: Int, _ size: Int) throws(JSONError) -> Int {
        let lead = base[start]
        let length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
        guard lead >= 0xc2, lead <= 0xf4, start + length <= size else { throw JSONError(.invalidUTF8, at: start) }
        for index in 1..<length where base[start + index] & 0xc0 != 0x80 {
            throw JSONError(.invalidUTF8, at: start)
        }
        let second = base[start + 1]
        let isValid =
            switch lead {
            case 0xe0: second >= 0xa0
            case 0xed: second < 0xa0
            case 0xf0: second >= 0x90
            case 0xf4: second < 0x90
            default: true
            }
        guard isValid else { throw JSONError(.invalidUTF8, at: start) }
        // All noncharacters begin with one of these.
        if lead >= 0xef, isNoncharacter(base + start, length) { recordFlaw(.noncharacter, at: start) }
        return start + length
    }

    private func isNoncharacter(_ sequence: UnsafePointer<UInt8>, _ length: Int) -> Bool {
        var scalar = UInt32(sequence[0]) & (length == 4 ? 0x07 : 0x0f)
        for index in 1..<length { scalar = scalar << 6 | UInt32(sequence[index] & 0x3f) }
        return Self.isNoncharacter(scalar)
    }

    @inline(__always)
    private func number(_ base: UnsafePointer<UInt8>, _ start: Int, _ size: Int) throws(JSONError) -> Int {
        var at = start
        @inline(__always) func digits() -> Int {
            let first = at
            while at < size, base[at] &- 0x30 < 10 { at &+= 1 }
            return at - first
        }
        if base[at] == UInt8(ascii: "-") { at += 1 }
        let leading = at
        let integerDigits = digits()
        guard integerDigits > 0, integerDigits == 1 || base[leading] != UInt8(ascii: "0") else {
            throw JSONError(.invalidNumber, at: start)
        }
        if at < size, base[at] == UInt8(ascii: ".") {
            at += 1
            guard digits() > 0 else { throw JSONError(.invalidNumber, at: start) }
        }
        if at < size, base[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < size, base[at] == UInt8(ascii: "+") || base[at] == UInt8(ascii: "-") { at += 1 }
            guard digits() > 0 else { throw JSONError(.invalidNumber, at: start) }
            checkRange(base, start, at)
        } else if integerDigits > Self.finiteDigits {
            checkRange(base, start, at)
        }
        append(.number, start, at)
        return at
    }

    /// Numbers of no more digits before the point and without exponent are finite as doubles.
    private static let finiteDigits = 308

    private func checkRange(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) {
        let text = UnsafeRawBufferPointer(start: base + start, count: end - start)
        if !parseDouble(text).isFinite { recordFlaw(.numberOutOfRange, at: start) }
    }
}

@inline(__always)
func hexValue(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
}
