import Geo
import STACAPI

/// Counts Items by the grid cell that contains the centre of their box.
struct CellAggregator: SegmentAggregator {
    private let grid: Grid
    private var matches: [MatchingRows] = []

    init(_ grid: Grid) {
        self.grid = grid
    }

    mutating func add(_ rows: MatchingRows) { matches.append(rows) }

    func result(matched: Int) -> AggregationResult {
        let cells =
            switch grid {
            case .geohash(let length): mostFrequent(GeohashCells(length: length))
            case .geotile(let zoom): mostFrequent(TileCells(zoom: zoom))
            }
        let buckets = cells.map { AggregationResult.Bucket(.text(grid.name(ofCellAt: $0.order)), $0.count) }
        return .buckets(buckets, overflow: matched - buckets.reduce(0) { $0 + $1.frequency })
    }

    private func mostFrequent(_ numbering: some CellNumbering) -> [MostFrequent.Entry] {
        CellCount(matches, grid, numbering).mostFrequent(Aggregation.maximumBuckets)
    }
}
