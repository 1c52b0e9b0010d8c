/// Changes of the store that concern the index.
public struct IndexChanges: Sendable {
    public struct Key: Hashable, Sendable {
        /// The store's number of the collection.
        public let number: Int64
        public let id: String

        public init(number: Int64, id: String) {
            self.number = number
            self.id = id
        }
    }

    /// New versions of Items, with their sequences.
    public internal(set) var puts: [Key: ColumnBatch] = [:]
    /// Sequences of superseded versions, by collection.
    public internal(set) var removed: [Int64: [Int64]] = [:]
    public internal(set) var removedCollections: Set<Int64> = []
    /// The sequence that the index must have applied for these changes to come next.
    public let after: Int64
    /// The sequence of the last change.
    public internal(set) var through: Int64

    public init(after: Int64) {
        self.after = after
        through = after
    }

    /// Number of Items in `puts`.
    public var putCount: Int { puts.values.reduce(0) { $0 + $1.count } }

    public mutating func put(
        _ batch: ColumnBatch, rows: some RandomAccessCollection<Int>, sequences: [Int64], in key: Key
    ) {
        guard !rows.isEmpty else { return }
        puts[key, default: ColumnBatch()].append(rows, of: batch, sequences: sequences)
        through = max(through, sequences.max() ?? 0)
    }

    public mutating func remove(_ version: Int64, from collection: Int64, at sequence: Int64) {
        removed[collection, default: []].append(version)
        through = max(through, sequence)
    }

    public mutating func removeCollection(_ number: Int64, at sequence: Int64) {
        puts = puts.filter { $0.key.number != number }
        removed[number] = nil
        removedCollections.insert(number)
        through = max(through, sequence)
    }

    /// A change that does not concern the index.
    public mutating func pass(_ sequence: Int64) { through = max(through, sequence) }
}
