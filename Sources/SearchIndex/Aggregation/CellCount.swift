import Geo
import STACAPI

/// Counts the rows of several segments by cells, one square of the Hilbert curve after the other.
///
/// Each segment has the rows of a square beside one another. So few cells are looked at at a time that their counts stay
/// in the processor's caches, and those of a cell that lies in the square are complete then: what is held does not
/// grow with the number of cells.
struct CellCount<Numbering: CellNumbering> {
    private let matches: [MatchingRows]
    private let grid: Grid
    private let numbering: Numbering
    /// Those of each segment whose box reaches around more than half of the globe: their middle, by which they are
    /// ordered, may be far from their centre.
    private let wideRows: [[Int]]
    private var best = MostFrequent(Aggregation.maximumBuckets)
    /// Of the square that is being looked at.
    private var cells: FrequencyTable
    /// Of cells that rows of other squares lie in, too.
    private var shared = FrequencyTable(capacity: 1_024)

    /// Squares with more rows are divided.
    private let rowsAtOnce: Int

    /// - Parameter rowsAtOnce: So many counts should find room in the second level of caches: these take half a
    ///   megabyte.
    init(_ matches: [MatchingRows], _ grid: Grid, _ numbering: Numbering, rowsAtOnce: Int = 16_384) {
        self.matches = matches
        self.grid = grid
        self.numbering = numbering
        self.rowsAtOnce = rowsAtOnce
        cells = FrequencyTable(capacity: rowsAtOnce)
        wideRows = matches.map { rows in
            var wide: [Int] = []
            rows.segment.tree.forEachRow(where: \.isWide) { if rows.contains($0) { wide.append($0) } }
            return wide
        }
    }

    /// The most frequent cells, then those that come first, by their place in the grid's order.
    mutating func mostFrequent(_ limit: Int) -> [MostFrequent.Entry] {
        best = MostFrequent(limit)
        for (rows, wide) in zip(matches, wideRows) { for row in wide { addWide(row, of: rows.segment) } }
        count(depth: 0, matches.indices.map { Stretch(match: $0, rows: 0..<matches[$0].segment.layout.locatedCount) })
        for place in 0..<shared.count { best.offer(shared[place].count, grid.order(ofCell: shared[place].key)) }
        return best.sorted()
    }

    /// Rows of a segment in a square.
    private struct Stretch {
        /// Place in `matches`.
        let match: Int
        let rows: Range<Int>
    }

    private mutating func addWide(_ row: Int, of segment: Segment) {
        let centre = segment.centre(row)
        shared.add(1, to: numbering.cell(longitude: centre.x, latitude: centre.y))
    }

    private mutating func count(depth: Int, _ stretches: [Stretch]) {
        let stretches = stretches.filter { matches[$0.match].contains(anyOf: $0.rows) }
        guard let first = stretches.first else { return }
        let place = matches[first.match].segment.middle(first.rows.lowerBound)
        let square = HilbertSquare(depth: depth, longitude: place.x, latitude: place.y)
        let rowCount = stretches.reduce(0) { $0 + matches[$1.match].count(in: $1.rows) }
        if let cell = numbering.cell(holding: square) {
            let wide = stretches.reduce(0) { $0 + wideRows[$1.match].count(where: $1.rows.contains) }
            shared.add(rowCount - wide, to: cell)
        } else if rowCount <= rowsAtOnce || depth == HilbertSquare.maximumDepth {
            count(stretches, in: square)
        } else {
            let parts = stretches.map { matches[$0.match].segment.quarters(of: $0.rows, square) }
            for quarter in 0..<4 {
                count(
                    depth: depth + 1,
                    zip(stretches, parts).map { Stretch(match: $0.match, rows: $1[quarter]..<$1[quarter + 1]) })
            }
        }
    }

    private mutating func addCells(of stretch: Stretch) {
        let rows = matches[stretch.match]
        let boxes = rows.segment.tree.boxes
        let numbering = numbering
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Self.cellsAtOnce) { found in
            var count = 0
            rows.forEach(in: stretch.rows) { row in
                let lanes = boxes[row]
                if IndexBox(lanes: lanes).isWide { return }
                // In bounds: taken out when full.
                found[count] = numbering.cell(
                    longitude: (lanes[0] - lanes[2]) / 2, latitude: (lanes[1] - lanes[3]) / 2)
                count += 1
                guard count == Self.cellsAtOnce else { return }
                cells.add(UnsafeBufferPointer(found))
                count = 0
            }
            cells.add(UnsafeBufferPointer(rebasing: found[..<count]))
        }
    }

    private static var cellsAtOnce: Int { 512 }

    private mutating func count(_ stretches: [Stretch], in square: HilbertSquare) {
        for stretch in stretches { addCells(of: stretch) }
        let rowsInside = numbering.columnBits >= square.depth ? numbering.rows(inside: square) : 0..<0
        for place in 0..<cells.count {
            let (cell, count) = cells[place]
            if !rowsInside.contains(cell & 0xffff_ffff) || shared.contains(cell) {
                shared.add(count, to: cell)
            } else {
                best.offer(count, grid.order(ofCell: cell))
            }
        }
        cells.removeAll()
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

    fileprivate func contains(anyOf range: Range<Int>) -> Bool { count(in: range) > 0 }

    @inline(__always)
    fileprivate func forEach(in range: Range<Int>, _ body: (Int) -> Void) {
        switch matches {
        case .all: for row in range { body(row) }
        case .rows(let rows):
            let words = range.lowerBound & ~63..<range.upperBound
            rows.forEach(in: words) { if $0 >= range.lowerBound { body($0) } }
        }
    }
}

extension IndexBox {
    /// Whether it reaches around more than half of the globe, as that of a geometry across the antimeridian does.
    @inline(__always)
    fileprivate var isWide: Bool { -lanes[2] - lanes[0] > 180 }
}

extension Segment {
    /// The middle of a row's box as it stands in the index, by which rows are ordered.
    @inline(__always)
    fileprivate func middle(_ row: Int) -> SIMD2<Double> {
        let lanes = tree.boxes[row]
        return SIMD2((lanes[0] - lanes[2]) / 2, (lanes[1] - lanes[3]) / 2)
    }

    /// Longitude and latitude of the middle of a row's box, which may be across the antimeridian.
    fileprivate func centre(_ row: Int) -> SIMD2<Double> { SIMD2(longitudes(row).middle, middle(row).y) }

    /// The longitudes of a row's geometry, which may be across the antimeridian.
    func longitudes(_ row: Int) -> LongitudeRange {
        let box = IndexBox(lanes: tree.boxes[row]).planar
        let plain = LongitudeRange(west: box.minX, east: box.maxX)
        guard plain.width > 180, let geometry = try? Geometry(wkb: geometry(row)) else { return plain }
        return LongitudeRange(geometry) ?? plain
    }

    /// Where the quarters of a square begin among its rows, and where the last one ends.
    fileprivate func quarters(of rows: Range<Int>, _ square: HilbertSquare) -> [Int] {
        let quarters = square.quarters
        var bounds = [rows.lowerBound]
        for wanted in 1...3 {
            var low = bounds[wanted - 1]
            var high = rows.upperBound
            while low < high {
                let half = (low + high) / 2
                let place = middle(half)
                if quarters.number(longitude: place.x, latitude: place.y) < wanted {
                    low = half + 1
                } else {
                    high = half
                }
            }
            bounds.append(low)
        }
        return bounds + [rows.upperBound]
    }
}
