import Geo
import STACAPI

/// Items by the cell of a grid that holds the centre of their box.
struct CellAggregator: SegmentAggregator {
    private let grid: Grid
    private var cells = FrequencyTable()
    /// Items of `lastCell` that are not in `cells` yet: neighbours on the Hilbert curve mostly share their cell.
    private var lastCount = 0
    private var lastCell: UInt64 = 0
    /// Corners of an area, longitude and latitude, all of which is in `lastCell`.
    private var innerLow = SIMD2<Double>(repeating: .infinity)
    private var innerHigh = SIMD2<Double>(repeating: -.infinity)

    init(_ grid: Grid) {
        self.grid = grid
    }

    mutating func add(_ rows: MatchingRows) {
        let tree = rows.segment.tree
        if rows.count * BoxTree.fanOut > rows.segment.rowCount {
            visit(level: tree.levels.count - 1, node: 0, rows, tree)
        } else {
            rows.forEach { add($0, of: rows.segment) }
        }
        cells.add(lastCount, to: lastCell)
        lastCount = 0
    }

    /// Counts the rows below a node of the tree at once where its box lies in one cell.
    private mutating func visit(level: Int, node: Int, _ rows: MatchingRows, _ tree: BoxTree) {
        let below = tree.rows(below: node, level)
        guard !below.isEmpty, case let count = rows.count(in: below), count > 0 else { return }
        let box = IndexBox(lanes: tree.levels[level][node]).planar
        // Columns and rows of cells follow longitudes and latitudes: all in between is in the cell of both corners.
        let cell = grid.cell(longitude: box.minX, latitude: box.minY)
        if cell == grid.cell(longitude: box.maxX, latitude: box.maxY) {
            add(count, to: cell)
        } else if level == 0 {
            for row in below where rows.contains(row) { add(row, of: rows.segment) }
        } else {
            let children = node * BoxTree.fanOut..<(node + 1) * BoxTree.fanOut
            for child in children.clamped(to: 0..<tree.levels[level - 1].count) {
                visit(level: level - 1, node: child, rows, tree)
            }
        }
    }

    private mutating func add(_ row: Int, of segment: Segment) {
        guard row < segment.layout.locatedCount else { return }
        let centre = segment.centre(row)
        if all(centre .> innerLow), all(centre .< innerHigh) {
            lastCount += 1
            return
        }
        let cell = grid.cell(longitude: centre.x, latitude: centre.y)
        add(1, to: cell)
        if let inner = grid.interior(ofCell: cell) { (innerLow, innerHigh) = inner }
    }

    private mutating func add(_ count: Int, to cell: UInt64) {
        if cell != lastCell {
            cells.add(lastCount, to: lastCell)
            lastCell = cell
            lastCount = 0
            innerLow = SIMD2(repeating: .infinity)
        }
        lastCount += count
    }

    func result(matched: Int) -> AggregationResult {
        let buckets = cells.mostFrequent(Aggregation.maximumBuckets, order: grid.order(ofCell:)).map {
            AggregationResult.Bucket(.text(grid.name(ofCell: $0.key)), $0.count)
        }
        return .buckets(buckets, overflow: matched - buckets.reduce(0) { $0 + $1.frequency })
    }
}

extension MatchingRows {
    fileprivate func contains(_ row: Int) -> Bool {
        switch matches {
        case .all: true
        case .rows(let rows): rows[row]
        }
    }

    fileprivate func count(in range: Range<Int>) -> Int {
        switch matches {
        case .all: range.count
        case .rows(let rows): rows.population(in: range)
        }
    }
}

extension Segment {
    /// Longitude and latitude of the middle of a row's box, which may be across the antimeridian.
    ///
    /// - Parameter row: One with a geometry.
    @inline(__always)
    func centre(_ row: Int) -> SIMD2<Double> {
        let lanes = tree.boxes[row]
        let latitude = (lanes[1] - lanes[3]) / 2
        // A normalised geometry that is across the antimeridian has parts at both ends of the map.
        if -lanes[2] - lanes[0] > 180 { return SIMD2(longitudes(row).middle, latitude) }
        return SIMD2((lanes[0] - lanes[2]) / 2, latitude)
    }

    /// The longitudes of a row's geometry, which may be across the antimeridian.
    func longitudes(_ row: Int) -> LongitudeRange {
        let box = IndexBox(lanes: tree.boxes[row]).planar
        let plain = LongitudeRange(west: box.minX, east: box.maxX)
        guard plain.width > 180, let geometry = try? Geometry(wkb: geometry(row)) else { return plain }
        return LongitudeRange(geometry) ?? plain
    }
}
