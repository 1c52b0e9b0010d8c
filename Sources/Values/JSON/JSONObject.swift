/// The members of a JSON object, in the order in which they were written.
public struct JSONObject: Sendable, Hashable {
    public struct Member: Sendable, Hashable {
        public let name: String
        public var value: JSONValue
    }

    public private(set) var members: [Member] = []
    /// Positions by name, built once there are too many members for a linear search.
    private var positions: [String: Int] = [:]
    private static let indexedFrom = 24

    public init() {}

    public var count: Int { members.count }
    public var isEmpty: Bool { members.isEmpty }
    public var names: [String] { members.map(\.name) }

    private func position(of name: String) -> Int? {
        positions.isEmpty ? members.firstIndex { $0.name == name } : positions[name]
    }

    /// The member's value. Setting replaces in place or appends; setting `nil` removes.
    public subscript(name: String) -> JSONValue? {
        get { position(of: name).map { members[$0].value } }
        set {
            guard let newValue else { return removeMember(name) }
            if let position = position(of: name) {
                members[position].value = newValue
            } else {
                append(name, newValue)
            }
        }
    }

    private mutating func removeMember(_ name: String) {
        guard let position = position(of: name) else { return }
        members.remove(at: position)
        reindex()
    }

    /// - Complexity: O(*n*) in the members, however many of them are removed.
    mutating func removeMembers(named names: Set<String>) {
        guard !names.isEmpty else { return }
        members.removeAll { names.contains($0.name) }
        reindex()
    }

    private mutating func append(_ name: String, _ value: JSONValue) {
        members.append(Member(name: name, value: value))
        if positions.isEmpty {
            if members.count >= Self.indexedFrom { reindex() }
        } else {
            positions[name] = members.count - 1
        }
    }

    private mutating func reindex() {
        positions =
            members.count < Self.indexedFrom
            ? [:] : Dictionary(members.enumerated().map { ($1.name, $0) }) { first, _ in first }
    }

    /// Appends a member unless the name exists.
    mutating func appendIfNew(_ name: String, _ value: JSONValue) {
        if position(of: name) == nil { append(name, value) }
    }

    public static func == (left: JSONObject, right: JSONObject) -> Bool { left.members == right.members }
    public func hash(into hasher: inout Hasher) { hasher.combine(members) }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// A duplicate name keeps its first position and its last value.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        for (name, value) in elements { self[name] = value }
    }
}

extension JSONObject: Sequence {
    public func makeIterator() -> IndexingIterator<[Member]> { members.makeIterator() }
}
