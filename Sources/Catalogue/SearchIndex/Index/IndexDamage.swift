/// A search would have used parts of the index that are damaged: it has no result until these have been rebuilt.
public struct IndexDamage: Error, CustomStringConvertible {
    /// Names of the files.
    public let files: [String]

    public init(files: [String]) {
        self.files = files
    }

    public var description: String {
        "The search index is damaged (\(files.joined(separator: ", ")))."
    }
}

extension CollectionSegments {
    /// - Throws: `IndexDamage` if files of the collection could not be opened, or any of the segments is known to be
    ///   damaged.
    func requireSound(_ isUsed: (Segment) -> Bool = { _ in true }) throws {
        let damaged = segments.filter { $0.segment.isDamaged && isUsed($0.segment) }.compactMap(\.segment.fileName)
        let files = lost.map(\.name) + damaged
        guard files.isEmpty else { throw IndexDamage(files: files) }
    }

    var isDamaged: Bool { !lost.isEmpty || segments.contains { $0.segment.isDamaged } }
}

extension [CollectionSegments] {
    /// - Throws: `IndexDamage` for the first of them that is damaged.
    func requireSound(_ isUsed: (Segment) -> Bool) throws {
        for collection in self { try collection.requireSound(isUsed) }
    }
}

extension IndexSnapshot {
    /// Runs `body`, whose result counts only if all that it used is sound.
    func sound<Result>(_ collection: Int64, _ body: ([SegmentState]) throws -> Result) throws -> Result {
        guard let segments = collections[collection] else { return try body([]) }
        try segments.requireSound()
        let result = try body(segments.segments)
        try segments.requireSound()
        return result
    }
}
