public import Geo
public import STACAPI
import Synchronization
public import Temporal

/// The summary of the Items of one or several collections, exact as of one sequence.
public struct CollectionSummary: Sendable, Hashable {
    public internal(set) var itemCount = 0
    /// From the earliest start to the latest end; `nil`: no Items.
    public internal(set) var interval: ClosedRange<Timestamp>?
    /// By name.
    public internal(set) var properties: [ColumnProfile] = []
    private var longitudes = LongitudeRanges()
    private var latitudes: ClosedRange<Double>?

    public init() {}

    /// Around all footprints; `nil` when no Item has one.
    public var bbox: BoundingBox? {
        guard let range = longitudes.hull, let latitudes else { return nil }
        return try? BoundingBox(
            west: range.west, south: latitudes.lowerBound, east: range.east, north: latitudes.upperBound)
    }
}

extension CollectionSummary {
    init(_ collection: CollectionSegments) {
        var columns: [ColumnName: ColumnProfile] = [:]
        for state in collection.segments where state.liveCount > 0 {
            let summary = state.segment.summary(live: state.live, count: state.liveCount)
            itemCount += summary.itemCount
            longitudes.formUnion(summary.longitudes)
            latitudes = union(latitudes, summary.latitudes)
            interval = union(interval, summary.interval)
            for column in summary.columns {
                columns[ColumnName(column.name), default: ColumnProfile(name: column.name)].formUnion(column)
            }
        }
        properties = columns.values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    public mutating func formUnion(_ other: CollectionSummary) {
        itemCount += other.itemCount
        longitudes.formUnion(other.longitudes)
        latitudes = union(latitudes, other.latitudes)
        interval = union(interval, other.interval)
        var columns = Dictionary(uniqueKeysWithValues: properties.map { (ColumnName($0.name), $0) })
        for column in other.properties {
            columns[ColumnName(column.name), default: ColumnProfile(name: column.name)].formUnion(column)
        }
        properties = columns.values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
}

extension ItemIndex {
    /// A collection's summary, and the sequence of the last change to any of its Items.
    ///
    /// - Parameter collection: The store's number.
    /// - Complexity: One step for each segment if something has changed since the last call; else O(1).
    /// - Throws: `IndexDamage`.
    public func summary(of collection: Int64) throws -> (summary: CollectionSummary, lastChange: Int64) {
        guard let segments = snapshot.collections[collection] else { return (CollectionSummary(), 0) }
        if let known = summaries.withLock({ $0[collection] }), known.lastChange == segments.lastChange { return known }
        try segments.requireSound()
        let made = (summary: CollectionSummary(segments), lastChange: segments.lastChange)
        try segments.requireSound()
        // Another thread may have computed a newer one meanwhile; then this one is recomputed.
        summaries.withLock { $0[collection] = made }
        return made
    }

    /// The summary of the Items of some collections.
    ///
    /// - Throws: `IndexDamage`.
    public func summary(among visible: CollectionSet = .all) throws -> CollectionSummary {
        var all = CollectionSummary()
        for collection in snapshot.collections.selected(nil, among: visible) {
            all.formUnion(try summary(of: collection.number).summary)
        }
        return all
    }
}
