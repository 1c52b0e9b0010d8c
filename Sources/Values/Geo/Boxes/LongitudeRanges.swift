/// A set of longitudes, as far as its hull needs it known.
public struct LongitudeRanges: Sendable, Hashable {
    /// Ranges that are not farther apart than this, in degrees, are made one: a hull across the antimeridian leaves a
    /// wider gap open. So there are never more than two.
    private static let widestFilledGap = 180.0

    /// In order, none across the antimeridian.
    private var ranges: [LongitudeRange] = []

    public init() {}

    public var isEmpty: Bool { ranges.isEmpty }

    public mutating func insert(_ range: LongitudeRange) {
        guard range.west <= range.east else {
            insert(LongitudeRange(west: range.west, east: 180))
            insert(LongitudeRange(west: -180, east: range.east))
            return
        }
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].east + Self.widestFilledGap < range.west { low = middle + 1 } else { high = middle }
        }
        var (west, east) = (range.west, range.east)
        var end = low
        while end < ranges.count, ranges[end].west <= east + Self.widestFilledGap {
            west = min(west, ranges[end].west)
            east = max(east, ranges[end].east)
            end += 1
        }
        if end == low + 1, ranges[low].west == west, ranges[low].east == east { return }
        ranges.replaceSubrange(low..<end, with: [LongitudeRange(west: west, east: east)])
    }

    /// Whether the hull may be another one without a range that has been inserted: it reaches an end, or what it has
    /// filled may be a gap that is wide enough.
    public func mayNeed(_ range: LongitudeRange) -> Bool {
        guard let first = ranges.first, let last = ranges.last, last.east - first.west <= Self.widestFilledGap else {
            return true
        }
        return first.west == range.west || last.east == range.east
    }

    public mutating func formUnion(_ other: LongitudeRanges) {
        for range in other.ranges { insert(range) }
    }

    /// The range around all: across the antimeridian where it is then less than half the Earth wide, and narrower than
    /// otherwise.
    ///
    /// - Returns: `nil` when there are none.
    public var hull: LongitudeRange? {
        guard let first = ranges.first, let last = ranges.last else { return nil }
        let plain = LongitudeRange(west: first.west, east: last.east)
        var best = plain
        for (left, right) in zip(ranges, ranges.dropFirst()) {
            let crossing = LongitudeRange(west: right.west, east: left.east)
            if crossing.width < min(180, best.width) { best = crossing }
        }
        return best
    }
}
