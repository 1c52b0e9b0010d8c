/// Why Items cannot be aggregated.
public enum AggregationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// More buckets than `Aggregation.maximumBuckets`, from the first one that has Items to the last; or an interval
    /// that is nothing beside its numbers.
    case tooManyBuckets(Aggregation)

    public var description: String {
        switch self {
        case .tooManyBuckets:
            "would make more than \(Aggregation.maximumBuckets) buckets; a larger interval makes fewer"
        }
    }
}
