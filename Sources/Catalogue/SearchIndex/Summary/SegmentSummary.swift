import Geo
import Synchronization
import Temporal

/// A summary of a segment's current rows.
struct SegmentSummary: Sendable {
    var itemCount: Int
    var interval: ClosedRange<Timestamp>
    var longitudes = LongitudeRanges()
    var latitudes: ClosedRange<Double>?
    /// Profiles of columns with values.
    var columns: [ColumnProfile]
}

/// The last computed summary of a segment.
final class SegmentSummaryCache: Sendable {
    struct Entry: Sendable {
        /// `nil`: all rows.
        let live: Bitmap?
        let summary: SegmentSummary
    }

    private let entry = Mutex<Entry?>(nil)

    var last: Entry? { entry.withLock { $0 } }

    func keep(_ new: Entry) { entry.withLock { $0 = new } }
}

extension Segment {
    /// - Parameters:
    ///   - live: The current rows; `nil`: all.
    ///   - count: Their number.
    func summary(live: Bitmap?, count: Int) -> SegmentSummary {
        let known = summaries.last
        // Rows only ever die: equal counts mean equal sets.
        if let known, known.summary.itemCount == count { return known.summary }
        let summary: SegmentSummary
        if let live {
            // An older snapshot may have more rows than the last summary.
            let start = known.flatMap { $0.summary.itemCount > count ? $0 : nil } ?? .init(live: nil, summary: whole())
            summary = self.summary(from: start, live: live, count: count)
        } else {
            summary = whole()
        }
        summaries.keep(.init(live: live, summary: summary))
        return summary
    }

    /// The summary of all rows, from the segment's layout.
    private func whole() -> SegmentSummary {
        var summary = SegmentSummary(
            itemCount: rowCount,
            interval: Timestamp(microseconds: firstStart)...Timestamp(microseconds: lastEnd), columns: [])
        summary.columns = columns.values.compactMap { column in
            // The rest of a profile is in the layout.
            let listed = column.string.map { $0.dictionary.count <= ColumnProfile.maximumStrings } ?? false
            return (listed ? self.column(named: ColumnName(column.name)) : column).map(ColumnProfile.init)
        }
        if layout.locatedCount > 0, isSound(.tree), let root = tree.levels.last?.first {
            let box = IndexBox(lanes: root).planar
            summary.latitudes = box.minY...box.maxY
            if box.maxX - box.minX > 180 {
                for row in 0..<layout.locatedCount { summary.longitudes.insert(longitudes(row)) }
            } else {
                summary.longitudes.insert(LongitudeRange(west: box.minX, east: box.maxX))
            }
        }
        return summary
    }

    /// The summary of fewer rows than an earlier one: only values that the removed rows may have determined are
    /// recomputed.
    private func summary(from known: SegmentSummaryCache.Entry, live: Bitmap, count: Int) -> SegmentSummary {
        var dead = known.live ?? Bitmap(count: rowCount, filled: true)
        dead.subtract(live)
        var summary = known.summary
        summary.itemCount = count
        let (first, last) = (summary.interval.lowerBound.microseconds, summary.interval.upperBound.microseconds)
        let (starts, ends) = (starts, ends)
        if dead.contains(where: { starts[$0] == first || ends[$0] == last }) {
            var range = (first: Int64.max, last: Int64.min)
            live.forEach { range = (min(range.first, starts[$0]), max(range.last, ends[$0])) }
            summary.interval = Timestamp(microseconds: range.first)...Timestamp(microseconds: range.last)
        }
        if dead.contains(where: { isAtEdge($0, of: summary) }) { setArea(&summary, live) }
        summary.columns = summary.columns.compactMap { profile in
            column(named: ColumnName(profile.name)).flatMap { profile.without(dead, of: $0, live: live) }
        }
        return summary
    }

    private func isAtEdge(_ row: Int, of summary: SegmentSummary) -> Bool {
        guard let box = box(row), let latitudes = summary.latitudes else { return false }
        if box.minY == latitudes.lowerBound || box.maxY == latitudes.upperBound { return true }
        return summary.longitudes.mayNeed(longitudes(row))
    }

    private func setArea(_ summary: inout SegmentSummary, _ live: Bitmap) {
        summary.longitudes = LongitudeRanges()
        var (south, north) = (Double.infinity, -Double.infinity)
        live.forEach { row in
            guard let box = box(row) else { return }
            south = min(south, box.minY)
            north = max(north, box.maxY)
            summary.longitudes.insert(longitudes(row))
        }
        summary.latitudes = south <= north ? south...north : nil
    }
}

extension Bitmap {
    func contains(where isWanted: (Int) -> Bool) -> Bool {
        for index in words.indices {
            var word = words[index]
            while word != 0 {
                if isWanted(index << 6 | word.trailingZeroBitCount) { return true }
                word &= word &- 1
            }
        }
        return false
    }
}
