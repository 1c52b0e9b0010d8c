import Geo
import STACAPI

/// Counts the rows of several segments by cells, one square of the Hilbert curve after the other, or several at once.
///
/// Each segment has the rows of a square beside one another. So few cells are looked at at a time that their counts stay
/// in the processor's caches, and those of a cell that lies in the square are complete then: what is held does not
/// grow with the number of cells.
struct CellCount<Numbering: CellNumbering> {
    let matches: [MatchingRows]
    let grid: Grid
    let numbering: Numbering
    /// Those of each segment whose box reaches around more than half of the globe: their middle, by which they are
    /// ordered, may be far from their centre.
    private let wideRows: [[Int]]
    /// Counts of their cells.
    private(set) var wide = FrequencyTable(capacity: 0)
    /// Squares with more rows are divided.
    let rowsAtOnce: Int
    private let processors: SpareCores

    /// - Parameter rowsAtOnce: So many counts should find room in the second level of caches: these take half a
    ///   megabyte.
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
    struct Stretch {
        /// Place in `matches`.
        let match: Int
        let rows: Range<Int>
    }

    /// The rows of a stretch between those that are not narrow.
    func narrowRows(of stretch: Stretch) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = stretch.rows.lowerBound
        for row in wideRows[stretch.match] where stretch.rows.contains(row) {
            parts.append(start..<row)
            start = row + 1
        }
        return parts + [start..<stretch.rows.upperBound]
    }

    /// What squares are divided into.
    enum Piece {
        /// A cell that holds so many rows of a square, which may not be all of its own.
        case cell(UInt64, rowCount: Int)
        /// A square of few rows.
        case square(HilbertSquare, [Stretch])
    }

    /// The most frequent cells, then those that come first, by their place in the grid's order.
    func mostFrequent(_ limit: Int) -> [MostFrequent.Entry] {
        // Large enough that what a worker keeps for itself does not matter, small enough to be shared out evenly.
        let rowsOfPart = max(rowsAtOnce, matches.reduce(0) { $0 + $1.count } / Self.partCount)
        var total = CellTally(limit)
        var parts: [(square: HilbertSquare, stretches: [Stretch])] = []
        divide(
            0, matches.indices.map { Stretch(match: $0, rows: 0..<matches[$0].segment.layout.locatedCount) }, rowsOfPart
        ) {
            switch $0 {
            case .cell(let cell, let rowCount): total.shared.add(rowCount, to: cell)
            case .square(let square, let stretches): parts.append((square, stretches))
            }
        }
        let squares = parts
        let workers = processors.run(parts: squares.count) {
            CellWorker(self, limit)
        } body: { worker, part in
            worker.count(squares[part].stretches, in: squares[part].square)
        }
        for worker in workers { total.add(worker.tally) }
        total.add(wide)
        return total.mostFrequent(grid)
    }

    private static var partCount: Int { 32 }

    /// - Parameter rowLimit: Squares with more rows are divided.
    func divide(_ depth: Int, _ stretches: [Stretch], _ rowLimit: Int, _ body: (Piece) -> Void) {
        let stretches = stretches.filter { matches[$0.match].contains(anyOf: $0.rows) }
        guard let first = stretches.first else { return }
        let place = matches[first.match].segment.middle(first.rows.lowerBound)
        let square = HilbertSquare(depth: depth, longitude: place.x, latitude: place.y)
        let rowCount = stretches.reduce(0) { $0 + matches[$1.match].count(in: $1.rows) }
        if let cell = numbering.cell(holding: square) {
            let wide = stretches.reduce(0) { $0 + wideRows[$1.match].count(where: $1.rows.contains) }
            body(.cell(cell, rowCount: rowCount - wide))
        } else if rowCount <= rowLimit || depth == HilbertSquare.maximumDepth {
            body(.square(square, stretches))
        } else {
            let parts = stretches.map { matches[$0.match].segment.quarters(of: $0.rows, square) }
            for quarter in 0..<4 {
                let stretches = zip(stretches, parts).map {
                    Stretch(match: $0.match, rows: $1[quarter]..<$1[quarter + 1])
                }
                divide(depth + 1, stretches, rowLimit, body)
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
    /// Whether it reaches around more than half of the globe, as that of a geometry across the antimeridian does.
    @inline(__always)
    var isWide: Bool { -lanes[2] - lanes[0] > 180 }
}

extension Segment {
    /// The middle of a row's box as it stands in the index, by which rows are ordered.
    @inline(__always)
    fileprivate func middle(_ row: Int) -> SIMD2<Double> {
        let lanes = tree.boxes[row]
        return SIMD2((lanes[0] - lanes[2]) / 2, (lanes[1] - lanes[3]) / 2)
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
