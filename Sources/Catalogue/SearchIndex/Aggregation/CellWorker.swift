import STACAPI

/// Counts the rows of some squares by cell: see `CellCount`.
struct CellWorker<Numbering: CellNumbering> {
    private let task: CellCount<Numbering>
    private(set) var tally: CellTally
    /// Counts of the current square.
    private var cells: FrequencyTable

    init(_ task: CellCount<Numbering>, _ limit: Int) {
        self.task = task
        tally = CellTally(limit)
        cells = FrequencyTable(capacity: task.rowsAtOnce)
    }

    mutating func count(_ runs: [CellCount<Numbering>.RowRun], in square: HilbertSquare) {
        task.divide(square.depth, runs, task.rowsAtOnce) {
            switch $0 {
            case .cell(let cell, let rowCount): tally.shared.add(rowCount, to: cell)
            case .square(let square, let runs): countRows(of: runs, in: square)
            }
        }
    }

    private mutating func countRows(of runs: [CellCount<Numbering>.RowRun], in square: HilbertSquare) {
        for run in runs { addCells(of: run) }
        let numbering = task.numbering
        let rowsInside = numbering.columnBits >= square.depth ? numbering.rows(inside: square) : 0..<0
        for place in 0..<cells.count {
            let (cell, count) = cells[place]
            if !rowsInside.contains(cell & 0xffff_ffff) || task.wide.contains(cell) {
                tally.shared.add(count, to: cell)
            } else if tally.best.mayHold(count) {
                tally.best.offer(count, task.grid.order(ofCell: cell))
            }
        }
        cells.removeAll()
    }

    private mutating func addCells(of run: CellCount<Numbering>.RowRun) {
        let match = task.matches[run.match]
        let places = match.segment.places
        let columns = places.columns
        let rows = task.numbering.rows(of: places)
        let numbering = task.numbering
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Self.cellsAtOnce) { found in
            for part in task.narrowRows(of: run) {
                var start = part.lowerBound
                while start < part.upperBound {
                    let end = min(start + Self.cellsAtOnce, part.upperBound)
                    var count = 0
                    match.forEach(in: start..<end) { row in
                        // In bounds: at most as many as fit.
                        found[count] = numbering.cell(column: columns[row], row: rows[row])
                        count &+= 1
                    }
                    cells.add(UnsafeBufferPointer(rebasing: found[..<count]))
                    start = end
                }
            }
        }
    }

    private static var cellsAtOnce: Int { 512 }
}

/// Cell counts.
struct CellTally {
    /// Complete counts, by position in the grid's order.
    var best: MostFrequent
    /// Counts of cells that also contain rows counted elsewhere.
    var shared = FrequencyTable(capacity: 1_024)

    /// - Parameter limit: Number of cells requested.
    init(_ limit: Int) {
        best = MostFrequent(limit)
    }

    mutating func add(_ other: CellTally) {
        best.add(other.best)
        add(other.shared)
    }

    mutating func add(_ counts: FrequencyTable) {
        for place in 0..<counts.count { shared.add(counts[place].count, to: counts[place].key) }
    }

    /// Call after all counts have been added.
    func mostFrequent(_ grid: Grid) -> [MostFrequent.Entry] {
        var best = best
        for place in 0..<shared.count { best.offer(shared[place].count, grid.order(ofCell: shared[place].key)) }
        return best.sorted()
    }
}
