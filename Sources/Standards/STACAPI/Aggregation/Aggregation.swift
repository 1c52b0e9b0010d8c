/// A computation over the Items that match a search.
///
/// Source: [STAC API - Aggregation 0.3.0](https://github.com/stac-api-extensions/aggregation/tree/v0.3.0).
public enum Aggregation: Sendable, Hashable {
    /// The number of Items.
    case count
    /// The earliest and the latest of the times that Items are sorted by: `datetime`, or `start_datetime` where that is
    /// null.
    case earliest, latest
    /// Items by Collection.
    case collections
    /// Items by a property's string or Boolean; the most frequent `Aggregation.maximumBuckets` of them.
    case terms(property: String)
    /// Items by a number: below the first boundary, between two of them, from the last one on.
    ///
    /// - Parameter boundaries: Ascending, at least one. A range holds its lower boundary and not its upper one.
    case ranges(property: String, boundaries: [Double])
    /// Items by a number, from a multiple of the interval to the next one.
    ///
    /// - Parameter interval: Above 0, finite.
    case histogram(property: String, interval: Double)
    /// Items by a time, in UTC. `datetime` means the time that Items are sorted by.
    case dates(property: String, CalendarInterval)
    /// Items by the cell of a grid that holds the centre of their box; the most frequent `Aggregation.maximumBuckets`
    /// of them.
    case cells(Grid)

    /// Buckets of one result at most: as many as other servers give.
    public static let maximumBuckets = 10_000
}
