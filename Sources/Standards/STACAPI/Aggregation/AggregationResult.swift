public import Temporal

/// The result of an `Aggregation`.
public enum AggregationResult: Sendable, Hashable {
    public struct Bucket: Sendable, Hashable {
        public let key: Key
        /// Items in the bucket.
        public let frequency: Int

        public init(_ key: Key, _ frequency: Int) {
            self.key = key
            self.frequency = frequency
        }
    }

    public enum Key: Sendable, Hashable {
        case text(String)
        /// Without its upper bound; `nil`: open.
        case range(from: Double?, to: Double?)
        /// The start of the interval.
        case time(Timestamp)
    }

    case count(Int)
    /// `nil`: no Item matches.
    case time(Timestamp?)
    /// Terms and cells in the order of frequency, then of their keys, of tiles by column and row; ranges and times in
    /// their own, with empty ones between others.
    ///
    /// - Parameter overflow: Items that are in no bucket: they have no such value, or a rarer one.
    case buckets([Bucket], overflow: Int)
}
