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

/// The second of two equal strings in an array; `nil` when all differ.
func firstDuplicate(among array: JSONElement) -> JSONElement? {
    var earlier: [JSONElement] = []
    for element in array.elements {
        if earlier.contains(where: { isSameText($0, element) }) { return element }
        earlier.append(element)
        // No quadratic search, which hostile input would ask for.
        if earlier.count > 16 { return firstDuplicateOfMany(array) }
    }
    return nil
}

private func firstDuplicateOfMany(_ array: JSONElement) -> JSONElement? {
    var seen: Set<[UInt8]> = []
    for element in array.elements where !seen.insert(Array((element.string ?? "").utf8)).inserted { return element }
    return nil
}

private func isSameText(_ left: JSONElement, _ right: JSONElement) -> Bool {
    if let right = right.plainStringBytes { return left.equals(right) }
    guard let left = left.string, let right = right.string else { return false }
    return left.utf8.elementsEqual(right.utf8)
}
