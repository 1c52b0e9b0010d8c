import Parquet
import STACGeoParquet
import SearchIndex

/// The distribution of Items over a file's row groups, and their order.
///
/// Rows are cut by time first, into months at most, then along the Hilbert curve into row groups, and these along the
/// curve into pages of as many rows as a reader decompresses at once, so that conditions on area or time read few of
/// them. Inside a page rows are in the order of time and id: neighbours come from one overpass and share the longest
/// parts of their texts, which makes files a fifth smaller than the order of the curve does.
struct RowGroupLayout {
    /// Rows of a row group at most.
    var rowCount: Int
    var pageRowCount = WriterSettings.itemPageRowCount

    /// - Parameter span: The file's.
    /// - Returns: Sequences by row group.
    func groups(_ places: [ItemPlace], in span: TimeSpan) -> [[Int64]] {
        slices(places.sorted { ($0.time, $0.sequence) < ($1.time, $1.sequence) }, span).flatMap { parts($0) }
    }

    /// Months of a year; those with few Items together.
    private func slices(_ places: [ItemPlace], _ span: TimeSpan) -> [[ItemPlace]] {
        guard span.length == .year, places.count > rowCount else { return [places] }
        var slices: [[ItemPlace]] = []
        var slice: [ItemPlace] = []
        var monthEnd = Int64.min
        for place in places {
            if place.time >= monthEnd {
                monthEnd = SpanLength.month.span(of: place.time).end
                if slice.count >= rowCount / 2 {
                    slices.append(slice)
                    slice = []
                }
            }
            slice.append(place)
        }
        return slices + [slice]
    }

    private func parts(_ slice: [ItemPlace]) -> [[Int64]] {
        let sorted = slice.sorted { ($0.curvePlace, $0.time, $0.sequence) < ($1.curvePlace, $1.time, $1.sequence) }
        let count = max(1, (sorted.count + rowCount - 1) / rowCount)
        return (0..<count).map { part in
            pages(Array(sorted[sorted.count * part / count..<sorted.count * (part + 1) / count]))
        }
    }

    private func pages(_ part: [ItemPlace]) -> [Int64] {
        stride(from: 0, to: part.count, by: pageRowCount).flatMap { start in
            part[start..<min(start + pageRowCount, part.count)]
                .sorted { ($0.time, $0.idRank) < ($1.time, $1.idRank) }.map(\.sequence)
        }
    }
}
