import JSON

/// The members of an object by name, in the order in which they were first seen.
struct MemberTable: Sendable {
    private(set) var names: [String] = []
    private var bytes: [[UInt8]] = []
    private var places: [String: Int] = [:]

    var count: Int { names.count }

    mutating func append(_ name: String) -> Int {
        places[name] = names.count
        names.append(name)
        bytes.append(Array(name.utf8))
        return names.count - 1
    }

    func place(of name: String) -> Int? { places[name] }

    /// - Parameter hint: Where the name is expected; set to the place behind the one that was found. Objects of a kind
    ///   have their members in the same order, so that most are found at once.
    @inline(__always)
    func place(of name: JSONElement, hint: inout Int) -> Int? {
        if let plain = name.plainStringBytes {
            if hint < bytes.count, equal(bytes[hint], plain) {
                hint += 1
                return hint - 1
            }
            // The member expected is missing as often as not.
            if hint + 1 < bytes.count, equal(bytes[hint + 1], plain) {
                hint += 2
                return hint - 1
            }
        }
        guard let text = name.string, let place = places[text] else { return nil }
        hint = place + 1
        return place
    }
}

@inline(__always)
private func equal(_ name: [UInt8], _ bytes: UnsafeRawBufferPointer) -> Bool {
    guard name.count == bytes.count else { return false }
    return name.withUnsafeBytes { $0.elementsEqual(bytes) }
}
