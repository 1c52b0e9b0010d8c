/// The Collections that a caller may see, and those that it may write.
public struct Visibility: Sendable, Hashable {
    public enum Collections: Sendable, Hashable {
        case none
        case all
        case only(Set<String>)

        public func contains(_ id: String) -> Bool {
            switch self {
            case .none: false
            case .all: true
            case .only(let ids): ids.contains(id)
            }
        }
    }

    public let reading: Collections
    /// Writable Collections are visible, too.
    public let writing: Collections

    public init(reading: Collections, writing: Collections) {
        self.reading = reading
        self.writing = writing
    }

    public static let everything = Visibility(reading: .all, writing: .all)

    public func canRead(_ id: String) -> Bool { reading.contains(id) || writing.contains(id) }
    public func canWrite(_ id: String) -> Bool { writing.contains(id) }

    /// The ids of the visible Collections; `nil`: all.
    var readableIDs: Set<String>? {
        switch (reading, writing) {
        case (.all, _), (_, .all): nil
        case (.only(let some), .only(let others)): some.union(others)
        case (.only(let some), .none), (.none, .only(let some)): some
        case (.none, .none): []
        }
    }
}
