/// A value in a text that a `JSONReader` has parsed: a position, not a copy.
///
/// Valid only inside the closure of `JSONReader.read`; hence not `Sendable`.
public struct JSONElement {
    public enum Kind: Hashable, Sendable { case null, bool, number, string, array, object }

    let base: UnsafePointer<UInt8>
    let nodes: UnsafePointer<JSONNode>
    let index: Int

    @inline(__always)
    init(base: UnsafePointer<UInt8>, nodes: UnsafePointer<JSONNode>, index: Int) {
        self.base = base
        self.nodes = nodes
        self.index = index
    }

    var node: JSONNode { @inline(__always) get { nodes[index] } }

    public var kind: Kind {
        switch node.kind {
        case .null: .null
        case .true, .false: .bool
        case .number: .number
        case .string: .string
        case .array: .array
        case .object: .object
        }
    }

    /// The value's range in the text, in bytes; of a string with its quotes.
    public var byteRange: Range<Int> { Int(node.start)..<Int(node.end) }

    /// The value's own bytes; a string with its quotes.
    public var rawBytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base + Int(node.start), count: Int(node.end - node.start))
    }

    /// The bytes between a string's quotes when no escape stands among them; else `nil`.
    public var plainStringBytes: UnsafeRawBufferPointer? {
        let node = node
        guard node.kind == .string, !node.hasEscapes else { return nil }
        return UnsafeRawBufferPointer(start: base + Int(node.start) + 1, count: Int(node.end - node.start) - 2)
    }

    public var isNull: Bool { node.kind == .null }

    public var bool: Bool? {
        switch node.kind {
        case .true: true
        case .false: false
        default: nil
        }
    }

    /// The text of a string, escapes resolved; `nil` for other kinds. A lone surrogate becomes U+FFFD.
    public var string: String? {
        if let plain = plainStringBytes { return String(decoding: plain, as: UTF8.self) }
        guard node.kind == .string else { return nil }
        return unescape(UnsafeRawBufferPointer(rebasing: rawBytes[1..<rawBytes.count - 1]))
    }

    /// The nearest double; `nil` for other kinds than numbers. Beyond the range of doubles: infinity.
    public var double: Double? {
        guard node.kind == .number else { return nil }
        return parseDouble(rawBytes)
    }

    /// The value of a number that is written as an integer and fits.
    public var int: Int? {
        guard node.kind == .number else { return nil }
        return Int(String(decoding: rawBytes, as: UTF8.self))
    }

    /// Number of elements of an array, or of members of an object; else 0.
    public var count: Int {
        var count = 0
        switch node.kind {
        case .array: for _ in elements { count += 1 }
        case .object: for _ in members { count += 1 }
        default: break
        }
        return count
    }

    /// The member of that name: the first, should it occur twice. `nil` when absent or not an object.
    public subscript(name: String) -> JSONElement? {
        var name = name
        return name.withUTF8 { bytes in member(UnsafeRawBufferPointer(bytes)) }
    }

    /// As the subscript, for a name known at compile time.
    public func member(_ name: StaticString) -> JSONElement? {
        member(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    public func member(_ name: UnsafeRawBufferPointer) -> JSONElement? {
        for (key, value) in members where key.equals(name) { return value }
        return nil
    }

    /// Whether this is a string of exactly these UTF-8 bytes.
    @inline(__always)
    public func equals(_ bytes: UnsafeRawBufferPointer) -> Bool {
        if let plain = plainStringBytes {
            return plain.count == bytes.count && plain.elementsEqual(bytes)
        }
        guard var text = string else { return false }
        return text.withUTF8 { UnsafeRawBufferPointer($0).elementsEqual(bytes) }
    }

    public func equals(_ text: StaticString) -> Bool {
        equals(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// An array's elements in order; empty for other kinds.
    public var elements: Elements { Elements(parent: self) }

    /// An object's members in order, repeated names included; empty for other kinds.
    public var members: Members { Members(parent: self) }

    public struct Elements: Sequence, IteratorProtocol {
        private let base: UnsafePointer<UInt8>
        private let nodes: UnsafePointer<JSONNode>
        private var index: Int
        private let end: Int

        init(parent: JSONElement) {
            base = parent.base
            nodes = parent.nodes
            index = parent.index + 1
            end = parent.node.kind == .array ? Int(parent.node.next) : index
        }

        @inline(__always)
        public mutating func next() -> JSONElement? {
            guard index < end else { return nil }
            defer { index = Int(nodes[index].next) }
            return JSONElement(base: base, nodes: nodes, index: index)
        }
    }

    public struct Members: Sequence, IteratorProtocol {
        private let base: UnsafePointer<UInt8>
        private let nodes: UnsafePointer<JSONNode>
        private var index: Int
        private let end: Int

        init(parent: JSONElement) {
            base = parent.base
            nodes = parent.nodes
            index = parent.index + 1
            end = parent.node.kind == .object ? Int(parent.node.next) : index
        }

        @inline(__always)
        public mutating func next() -> (name: JSONElement, value: JSONElement)? {
            guard index < end else { return nil }
            defer { index = Int(nodes[index + 1].next) }
            return (
                JSONElement(base: base, nodes: nodes, index: index),
                JSONElement(base: base, nodes: nodes, index: index + 1)
            )
        }
    }

    // MARK: Writing

    /// Appends the value without insignificant whitespace; every token as it was written.
    public func writeMinified(to output: inout [UInt8]) {
        switch node.kind {
        case .array:
            output.append(UInt8(ascii: "["))
            var isFirst = true
            for element in elements {
                if !isFirst { output.append(UInt8(ascii: ",")) }
                isFirst = false
                element.writeMinified(to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object:
            output.append(UInt8(ascii: "{"))
            var isFirst = true
            for (name, value) in members {
                if !isFirst { output.append(UInt8(ascii: ",")) }
                isFirst = false
                output.append(contentsOf: name.rawBytes)
                output.append(UInt8(ascii: ":"))
                value.writeMinified(to: &output)
            }
            output.append(UInt8(ascii: "}"))
        default:
            output.append(contentsOf: rawBytes)
        }
    }

    /// The value as a tree of its own. Of members with one name the first counts.
    public func value() -> JSONValue {
        switch node.kind {
        case .null: return .null
        case .true: return .bool(true)
        case .false: return .bool(false)
        case .number: return .number(JSONNumber(unchecked: String(decoding: rawBytes, as: UTF8.self)))
        case .string: return .string(string ?? "")
        case .array:
            var array: [JSONValue] = []
            for element in elements { array.append(element.value()) }
            return .array(array)
        case .object:
            var object = JSONObject()
            for (name, value) in members { object.appendIfNew(name.string ?? "", value.value()) }
            return .object(object)
        }
    }
}

/// Resolves the escapes of a string's contents, which a reader has checked.
private func unescape(_ bytes: UnsafeRawBufferPointer) -> String {
    var units: [UInt8] = []
    units.reserveCapacity(bytes.count)
    var at = 0
    func unit(_ start: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 << 4 | (hexValue(bytes[start + $1]) ?? 0) }
    }
    while at < bytes.count {
        guard bytes[at] == UInt8(ascii: "\\") else {
            units.append(bytes[at])
            at += 1
            continue
        }
        switch bytes[at + 1] {
        case UInt8(ascii: "b"): units.append(0x08)
        case UInt8(ascii: "f"): units.append(0x0c)
        case UInt8(ascii: "n"): units.append(0x0a)
        case UInt8(ascii: "r"): units.append(0x0d)
        case UInt8(ascii: "t"): units.append(0x09)
        case UInt8(ascii: "u"):
            var code = unit(at + 2)
            at += 4
            let hasLow =
                at + 8 <= bytes.count && bytes[at + 2] == UInt8(ascii: "\\") && bytes[at + 3] == UInt8(ascii: "u")
            if code & 0xfc00 == 0xd800, hasLow, unit(at + 4) & 0xfc00 == 0xdc00 {
                code = 0x10000 + (code & 0x3ff) << 10 + (unit(at + 4) & 0x3ff)
                at += 6
            }
            let scalar = Unicode.Scalar(code) ?? "\u{fffd}"
            units.append(contentsOf: UTF8.encode(scalar)!)
        default: units.append(bytes[at + 1])
        }
        at += 2
    }
    return String(decoding: units, as: UTF8.self)
}
