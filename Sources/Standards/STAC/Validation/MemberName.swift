import JSON

/// A member's name, to be compared with known ones; also when it is written with escapes.
struct MemberName {
    private let plain: UnsafeRawBufferPointer
    private let decoded: String?
    /// In bytes.
    let count: Int

    @inline(__always)
    init(_ name: JSONElement) {
        if let plain = name.plainStringBytes {
            self.plain = plain
            decoded = nil
            count = plain.count
        } else {
            let text = name.string ?? ""
            plain = UnsafeRawBufferPointer(start: nil, count: 0)
            decoded = text
            count = text.utf8.count
        }
    }

    @inline(__always)
    static func == (name: MemberName, text: StaticString) -> Bool {
        guard let decoded = name.decoded else { return name.plain.equals(text) }
        return decoded.utf8.elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}

/// The second of two members with one name, by its name; `nil` when all differ.
func firstDuplicateName(in object: JSONElement) -> JSONElement? {
    var filter = NameFilter()
    var count = 0
    for (name, _) in object.members {
        count += 1
        if count > NameFilter.capacity { return firstDuplicate(of: object.members.lazy.map(\.name)) }
        guard filter.mayHold(afterAdding: name) else { continue }
        for (earlier, _) in object.members {
            if earlier.byteRange == name.byteRange { break }
            if isSameText(earlier, name) { return name }
        }
    }
    return nil
}

/// The second of two equal strings in an array; `nil` when all differ.
func firstDuplicate(among array: JSONElement) -> JSONElement? {
    var filter = NameFilter()
    var count = 0
    for element in array.elements {
        count += 1
        if count > NameFilter.capacity { return firstDuplicate(of: array.elements) }
        guard filter.mayHold(afterAdding: element) else { continue }
        for earlier in array.elements {
            if earlier.byteRange == element.byteRange { break }
            if isSameText(earlier, element) { return element }
        }
    }
    return nil
}

/// For very many names: no quadratic search, which hostile input would ask for.
private func firstDuplicate(of names: some Sequence<JSONElement>) -> JSONElement? {
    var seen: Set<[UInt8]> = []
    for name in names where !seen.insert(Array((name.string ?? "").utf8)).inserted { return name }
    return nil
}

private func isSameText(_ left: JSONElement, _ right: JSONElement) -> Bool {
    if let right = right.plainStringBytes { return left.equals(right) }
    guard let left = left.string, let right = right.string else { return false }
    return left.utf8.elementsEqual(right.utf8)
}

/// A 256-bit filter that recognizes most new names without storing any.
private struct NameFilter {
    /// Beyond that many names too many bits are set to be of use.
    static let capacity = 128
    private var bits: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    /// `false`: surely new. Adds the name.
    @inline(__always)
    mutating func mayHold(afterAdding name: JSONElement) -> Bool {
        let hash: UInt64
        if let plain = name.plainStringBytes {
            hash = Self.hash(plain)
        } else {
            var text = name.string ?? ""
            hash = text.withUTF8 { Self.hash(UnsafeRawBufferPointer($0)) }
        }
        let bit: UInt64 = 1 << (hash >> 58)
        switch (hash >> 56) & 3 {
        case 0: return Self.set(&bits.0, bit)
        case 1: return Self.set(&bits.1, bit)
        case 2: return Self.set(&bits.2, bit)
        default: return Self.set(&bits.3, bit)
        }
    }

    @inline(__always)
    private static func set(_ word: inout UInt64, _ bit: UInt64) -> Bool {
        defer { word |= bit }
        return word & bit != 0
    }

    @inline(__always)
    private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash = UInt64(bytes.count)
        if bytes.count >= 8 {
            // In bounds: the first and the last eight bytes of at least eight.
            hash ^= bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self) &* 0x9e37_79b9_7f4a_7c15
            hash ^= bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self).byteSwapped
        } else {
            for byte in bytes { hash = hash << 8 ^ UInt64(byte) }
        }
        return hash &* 0xff51_afd7_ed55_8ccd
    }
}
