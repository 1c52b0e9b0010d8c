import Geo
import STACAPI

/// Counts the rows of several segments by cell, one square of the Hilbert curve after the other, or several in
/// parallel.
///
/// The rows of a square are contiguous in each segment. Few enough cells are processed at a time that their counters
/// stay in the processor's caches. The counts of a cell inside the square are then complete, so memory use does not
/// grow with the number of cells.
struct CellCount<Numbering: CellNumbering> {
    let matches: [MatchingRows]
    let grid: Grid
    let numbering: Numbering
    /// The rows of each segment whose box spans more than half of the globe: the middle by which they are ordered may
    /// be far from their centre.
    private let wideRows: [[Int]]
    /// Cell counts of these rows.
    private(set) var wide = FrequencyTable(capacity: 0)
    /// Squares with more rows are divided.
    let rowsAtOnce: Int
    private let processors: SpareCores

    /// - Parameter rowsAtOnce: This many counters should fit into the L2 cache: the default takes half a megabyte.
    init(
        _ matches: [MatchingRows], _ grid: Grid, _ numbering: Numbering, rowsAtOnce: Int = 16_384,
        processors: SpareCores = .shared
    ) {
        self.matches = matches
        self.grid = grid
        self.numbering = numbering
        self.rowsAtOnce = rowsAtOnce
        self.processors = processors
        wideRows = matches.map { rows in
            var wide: [Int] = []
            rows.segment.tree.forEachRow(where: \.isWide) { if rows.contains($0) { wide.append($0) } }
            return wide
        }
        for (rows, places) in zip(matches, wideRows) {
            let (columns, lines) = (rows.segment.places.columns, numbering.rows(of: rows.segment.places))
            for row in places { wide.add(1, to: numbering.cell(column: columns[row], row: lines[row])) }
        }
    }

    /// Rows of a segment in a square.
    struct RowRun {
        /// Index in `matches`.
        let match: Int
        let rows: Range<Int>
    }

    /// The rows of a range, without the wide ones.
    func narrowRows(of run: RowRun) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = run.rows.lowerBound
        for row in wideRows[run.match] where run.rows.contains(row) {
            parts.append(start..<row)
            start = row + 1
        }
        return parts + [start..<run.rows.upperBound]
    }

    /// The parts that squares are divided into.
    enum Piece {
        /// A cell that contains this many rows of a square; the cell may contain other rows, too.
        case cell(UInt64, rowCount: Int)
        /// A square with few rows.
        case square(HilbertSquare, [RowRun])
    }

    /// The most frequent cells; ties by their position in the grid's order.
    func mostFrequent(_ limit: Int) -> [MostFrequent.Entry] {
        // Large enough to amortise a worker's own memory, small enough to balance the load.
        let rowsOfPart = max(rowsAtOnce, matches.reduce(0) { $0 + $1.count } / Self.partCount)
        var total = CellTally(limit)
        var parts: [(square: HilbertSquare, runs: [RowRun])] = []
        divide(
            0, matches.indices.map { RowRun(match: $0, rows: 0..<matches[$0].segment.layout.locatedCount) }, rowsOfPart
        ) {
            switch $0 {
            case .cell(let cell, let rowCount): total.shared.add(rowCount, to: cell)
            case .square(let square, let runs): parts.append((square, runs))
            }
        }
        let squares = parts
        let workers = processors.run(parts: squares.count) {
            CellWorker(self, limit)
        } body: { worker, part in
            worker.count(squares[part].runs, in: squares[part].square)
        }
        for worker in workers { total.add(worker.tally) }
        total.add(wide)
        return total.mostFrequent(grid)
    }

    private static var partCount: Int { 32 }

    /// - Parameter rowLimit: Squares with more rows are divided.
    func divide(_ depth: Int, _ runs: [RowRun], _ rowLimit: Int, _ body: (Piece) -> Void) {
        let runs = runs.filter { matches[$0.match].contains(anyOf: $0.rows) }
        guard let first = runs.first else { return }
        let place = matches[first.match].segment.middle(first.rows.lowerBound)
        let square = HilbertSquare(depth: depth, longitude: place.x, latitude: place.y)
        let rowCount = runs.reduce(0) { $0 + matches[$1.match].count(in: $1.rows) }
        if let cell = numbering.cell(holding: square) {
            let wide = runs.reduce(0) { $0 + wideRows[$1.match].count(where: $1.rows.contains) }
            body(.cell(cell, rowCount: rowCount - wide))
        } else if rowCount <= rowLimit || depth == HilbertSquare.maximumDepth {
            body(.square(square, runs))
        } else {
            let parts = runs.map { matches[$0.match].segment.quarters(of: $0.rows, square) }
            for quarter in 0..<4 {
                let runs = zip(runs, parts).map {
                    RowRun(match: $0.match, rows: $1[quarter]..<$1[quarter + 1])
                }
                divide(depth + 1, runs, rowLimit, body)
            }
        }
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
    func forEach(in range: Range<Int>, _ body: (Int) -> Void) {
        switch matches {
        case .all: for row in range { body(row) }
        case .rows(let rows):
            let words = range.lowerBound & ~63..<range.upperBound
            rows.forEach(in: words) { if $0 >= range.lowerBound { body($0) } }
        }
    }
}

extension IndexBox {
    /// Whether the box spans more than half of the globe, as that of a geometry across the antimeridian does.
    @inline(__always)
    var isWide: Bool { -lanes[2] - lanes[0] > 180 }
}

extension Segment {
    /// The middle of a row's box as stored in the index; rows are ordered by it.
    @inline(__always)
    fileprivate func middle(_ row: Int) -> SIMD2<Double> {
        let lanes = boxes[row]
        return SIMD2((lanes[0] - lanes[2]) / 2, (lanes[1] - lanes[3]) / 2)
    }

    /// The row offsets at which the quarters of a square begin, and the end of the last one.
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
