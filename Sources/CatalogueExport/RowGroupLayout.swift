import Parquet
import STACGeoParquet
import SearchIndex

/// In which row group of a file an Item lies, and where there.
///
/// Rows are in the order of months, inside a month along the Hilbert curve, forwards in one and backwards in the next, so
/// that places stay close from one to the other. This line is cut into stretches of as many rows as a reader unpacks at
/// once: both a place and a time leave few of them to be read. Inside a stretch rows are in the order of time and id:
/// neighbours come from one overpass and share the longest parts of their texts, which makes files a fifth smaller than
/// the order of the curve does. Row groups are many stretches, since readers must take in what a file says of each
/// column of each of them.
struct RowGroupLayout {
    /// Rows of a row group at most.
    var rowCount: Int
    var stretchRowCount = WriterSettings.stretchRowCount

    /// - Returns: Sequences by row group.
    func groups(_ places: [ItemPlace]) -> [[Int64]] {
        let line = months(places.sorted { ($0.time, $0.idRank) < ($1.time, $1.idRank) })
        let sequences = stride(from: 0, to: line.count, by: stretchRowCount).flatMap { start in
            line[start..<min(start + stretchRowCount, line.count)]
                .sorted { ($0.time, $0.idRank) < ($1.time, $1.idRank) }.map(\.sequence)
        }
        // Whole stretches, so that they begin where pages do.
        let step = max(1, rowCount / stretchRowCount) * min(stretchRowCount, rowCount)
        return stride(from: 0, to: sequences.count, by: step).map {
            Array(sequences[$0..<min($0 + step, sequences.count)])
        }
    }

    /// - Parameter places: In the order of time.
    private func months(_ places: [ItemPlace]) -> [ItemPlace] {
        var line: [ItemPlace] = []
        line.reserveCapacity(places.count)
        var start = 0
        var isForwards = true
        while start < places.count {
            let end = SpanLength.month.span(of: places[start].time).end
            var next = start
            while next < places.count, places[next].time < end { next += 1 }
            let month = places[start..<next].sorted { ($0.curvePlace, $0.idRank) < ($1.curvePlace, $1.idRank) }
            line += isForwards ? month : month.reversed()
            isForwards.toggle()
            start = next
        }
        return line
    }
}
