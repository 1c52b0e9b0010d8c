/// The state of the index.
public struct IndexStatistics: Sendable {
    public struct Collection: Sendable {
        public let id: String
        public let items: Int
        public let segments: Int
        /// Rows of Items that have been replaced or removed, awaiting a merge.
        public let deadRows: Int
        public let fileBytes: Int
        public let memoryBytes: Int
    }

    public let appliedSequence: Int64
    /// By id.
    public let collections: [Collection]

    init(_ snapshot: IndexSnapshot) {
        appliedSequence = snapshot.appliedSequence
        collections = snapshot.collections.values.map { collection in
            let files = collection.segments.filter { $0.segment.fileName != nil }
            let memory = collection.segments.filter { $0.segment.fileName == nil }
            return Collection(
                id: collection.id, items: collection.count, segments: collection.segments.count,
                deadRows: collection.segments.reduce(0) { $0 + $1.segment.rowCount - $1.liveCount },
                fileBytes: files.reduce(0) { $0 + $1.segment.byteCount },
                memoryBytes: memory.reduce(0) { $0 + $1.segment.byteCount })
        }.sorted { $0.id < $1.id }
    }
}
