#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension JSONElement {
    /// The name of the first member, in the order of the text, whose name an earlier member of its object has, at any
    /// depth; names are compared without their escapes.
    ///
    /// - Parameter names: Buffers, reused between texts.
    /// - Complexity: O(*n*) in the bytes of the text, also for objects of very many members.
    func firstDuplicateName(_ names: inout NameTable) -> JSONElement? {
        var first: JSONElement?
        for index in index..<Int(node.next) where nodes[index].kind == .object {
            let object = JSONElement(base: base, nodes: nodes, index: index)
            // An outer object's duplicate may come after an inner one's.
            guard let name = names.firstDuplicate(in: object) else { continue }
            if first.map({ name.node.start < $0.node.start }) ?? true { first = name }
        }
        return first
    }

    fileprivate func isSameText(as other: JSONElement) -> Bool {
        if let plain = plainStringBytes, let otherPlain = other.plainStringBytes {
            return plain.count == otherPlain.count
                && (plain.isEmpty || memcmp(plain.baseAddress!, otherPlain.baseAddress!, plain.count) == 0)
        }
        guard let text = string, let other = other.string else { return false }
        return text.utf8.elementsEqual(other.utf8)
    }
}

/// Finds names that repeat. Objects are small mostly: their names' hashes are compared, and a filter says which of them
/// need not be.
struct NameTable {
    /// Objects of more members, or with unequal names of one hash, get a set of their names.
    private static let capacity = 128
    private var members: [(hash: UInt64, name: JSONElement)] = []
    private var filter: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    mutating func firstDuplicate(in object: JSONElement) -> JSONElement? {
        members.removeAll(keepingCapacity: true)
        filter = (0, 0, 0, 0)
        for (name, _) in object.members {
            guard members.count < Self.capacity else { return Self.firstDuplicateOfMany(object) }
            let hash = Self.hash(name)
            if mayHold(afterAdding: hash) {
                for other in members where other.hash == hash {
                    if other.name.isSameText(as: name) { return name }
                    // Names that are made to have one hash must not be compared pair by pair.
                    return Self.firstDuplicateOfMany(object)
                }
            }
            members.append((hash, name))
        }
        return nil
    }

    private static func firstDuplicateOfMany(_ object: JSONElement) -> JSONElement? {
        var seen: Set<[UInt8]> = []
        for (name, _) in object.members {
            let text = name.plainStringBytes.map { Array($0) } ?? Array((name.string ?? "").utf8)
            if !seen.insert(text).inserted { return name }
        }
        return nil
    }

    /// `false`: surely new. Adds the hash.
    @inline(__always)
    private mutating func mayHold(afterAdding hash: UInt64) -> Bool {
        let bit: UInt64 = 1 << (hash >> 58)
        switch (hash >> 56) & 3 {
        case 0: return Self.set(&filter.0, bit)
        case 1: return Self.set(&filter.1, bit)
        case 2: return Self.set(&filter.2, bit)
        default: return Self.set(&filter.3, bit)
        }
    }

    @inline(__always)
    private static func set(_ word: inout UInt64, _ bit: UInt64) -> Bool {
        defer { word |= bit }
        return word & bit != 0
    }

    @inline(__always)
    private static func hash(_ name: JSONElement) -> UInt64 {
        if let plain = name.plainStringBytes { return hash(plain) }
        var text = name.string ?? ""
        return text.withUTF8 { hash(UnsafeRawBufferPointer($0)) }
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
