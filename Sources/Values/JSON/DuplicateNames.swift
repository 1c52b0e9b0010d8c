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
    func firstDuplicateName(_ names: NameTable) -> JSONElement? {
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
final class NameTable {
    /// Objects of more members, or with unequal names of one hash, get a set of their names.
    private static let capacity = 128
    private let hashes = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity)

    deinit { hashes.deallocate() }

    func firstDuplicate(in object: JSONElement) -> JSONElement? {
        var filter = NameFilter()
        var count = 0
        for (name, _) in object.members {
            guard count < Self.capacity else { return Self.firstDuplicateOfMany(object) }
            let hash = Self.hash(name)
            // In bounds: so many have been written.
            if filter.mayHold(afterAdding: hash), let other = (0..<count).first(where: { hashes[$0] == hash }) {
                // Names that are made to have one hash must not be compared pair by pair.
                return Self.name(other, of: object).isSameText(as: name) ? name : Self.firstDuplicateOfMany(object)
            }
            hashes[count] = hash
            count &+= 1
        }
        return nil
    }

    private static func name(_ position: Int, of object: JSONElement) -> JSONElement {
        var members = object.members
        for _ in 0..<position { _ = members.next() }
        return members.next()?.name ?? object
    }

    private static func firstDuplicateOfMany(_ object: JSONElement) -> JSONElement? {
        var seen: Set<[UInt8]> = []
        for (name, _) in object.members {
            let text = name.plainStringBytes.map { Array($0) } ?? Array((name.string ?? "").utf8)
            if !seen.insert(text).inserted { return name }
        }
        return nil
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

/// Says of most new hashes that they are new.
private struct NameFilter {
    private var bits: (UInt64, UInt64) = (0, 0)

    /// `false`: surely new. Adds the hash.
    @inline(__always)
    mutating func mayHold(afterAdding hash: UInt64) -> Bool {
        let bit: UInt64 = 1 << (hash >> 58)
        let isUpper = (hash >> 57) & 1 == 1
        let known = isUpper ? bits.1 : bits.0
        bits = isUpper ? (bits.0, known | bit) : (known | bit, bits.1)
        return known & bit != 0
    }
}
