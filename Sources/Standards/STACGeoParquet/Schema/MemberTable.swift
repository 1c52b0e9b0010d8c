import JSON

/// The members of an object by name, in the order in which they were first seen.
struct MemberTable: Sendable {
    private(set) var names: [String] = []
    /// The names' UTF-8, one behind the other.
    private var heap: [UInt8] = []
    private var ends: [Int] = []
    private var indices: [String: Int] = [:]

    var count: Int { ends.count }

    mutating func append(_ name: String) -> Int {
        indices[name] = names.count
        names.append(name)
        heap.append(contentsOf: name.utf8)
        ends.append(heap.count)
        return names.count - 1
    }

    func index(of name: String) -> Int? { indices[name] }

    /// - Parameter hint: The expected index; set to the index after the one found. Objects of a kind have their members
    ///   in the same order, so that most are found at once.
    @inline(__always)
    func index(of name: JSONElement, hint: inout Int) -> Int? {
        if let plain = name.plainStringBytes {
            // Some members are missing as often as not.
            for index in hint..<max(hint, min(hint + 3, ends.count)) where isName(index, plain) {
                hint = index + 1
                return index
            }
        }
        guard let text = name.string, let index = indices[text] else { return nil }
        hint = index + 1
        return index
    }

    @inline(__always)
    private func isName(_ index: Int, _ bytes: UnsafeRawBufferPointer) -> Bool {
        let start = index == 0 ? 0 : ends[index - 1]
        guard ends[index] - start == bytes.count else { return false }
        return heap.withUnsafeBytes { heap in
            // In bounds: a name's end is not above the heap's.
            equalBytes(heap.baseAddress! + start, bytes)
        }
    }
}

/// Whether as many bytes from `start` on are the same.
@inline(__always)
func equalBytes(_ start: UnsafeRawPointer, _ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let other = bytes.baseAddress else { return true }
    let count = bytes.count
    if count >= 8 {
        var at = 0
        // In bounds: eight bytes are read only where eight are left; the last ones overlap.
        while at + 8 <= count {
            if start.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                != other.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            {
                return false
            }
            at += 8
        }
        return start.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
            == other.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
    }
    for at in 0..<count
    where start.load(fromByteOffset: at, as: UInt8.self) != other.load(fromByteOffset: at, as: UInt8.self) {
        return false
    }
    return true
}
