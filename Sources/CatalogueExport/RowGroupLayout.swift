import SearchIndex

/// In which row group of a file an Item lies, and where there.
///
/// Rows are cut by time first, then along the Hilbert curve, so that both a place and a time leave few row groups to be
/// read. Inside a row group they are in the order of time: neighbours in time come from one overpass and share the
/// longest parts of their texts, which makes files a tenth smaller than the order of the curve.
struct RowGroupLayout {
    /// Rows of a row group at most.
    var rowCount = 8192

    /// - Parameter span: The file's.
    /// - Returns: Sequences by row group.
    func groups(_ places: [ItemPlace], in span: TimeSpan) -> [[Int64]] {
        slices(places.sorted { ($0.time, $0.sequence) < ($1.time, $1.sequence) }, span).flatMap { slice in
            parts(slice)
        }
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
            sorted[sorted.count * part / count..<sorted.count * (part + 1) / count]
                .sorted { ($0.time, $0.curvePlace, $0.sequence) < ($1.time, $1.curvePlace, $1.sequence) }
                .map(\.sequence)
        }
    }
}
