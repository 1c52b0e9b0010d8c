/// The division of a box into columns and rows.
struct GridRaster {
    let columns, rows: Int
    private let minX, minY: Double
    /// Cells per degree.
    private let columnsPerDegree, rowsPerDegree: Double
    private let lastColumn, lastRow: Double

    init(_ box: PlanarBox, edgeCount: Int) {
        // Enough cells that most hold no edge or one, few enough that they cost no more than the edges.
        let side = edgeCount < 1000 ? 64 : edgeCount < 8000 ? 128 : edgeCount < 50_000 ? 256 : 512
        (columns, rows) = (side, side)
        (minX, minY) = (box.minX, box.minY)
        columnsPerDegree = Double(side) / (box.maxX - box.minX)
        rowsPerDegree = Double(side) / (box.maxY - box.minY)
        (lastColumn, lastRow) = (Double(side - 1), Double(side - 1))
    }

    /// Never decreases with `x`, despite rounding; clamped to the grid.
    @inline(__always)
    func column(_ x: Double) -> Int {
        let column = (x - minX) * columnsPerDegree
        return column > 0 ? column < lastColumn ? Int(column) : columns &- 1 : 0
    }

    @inline(__always)
    func row(_ y: Double) -> Int {
        let row = (y - minY) * rowsPerDegree
        return row > 0 ? row < lastRow ? Int(row) : rows &- 1 : 0
    }

    func centre(_ row: Int, _ column: Int) -> SIMD2<Double> {
        SIMD2(minX + (Double(column) + 0.5) / columnsPerDegree, minY + (Double(row) + 0.5) / rowsPerDegree)
    }

    /// Calls `body` for each row that the segment comes near, with the columns that it comes near there, until `body`
    /// returns true.
    ///
    /// The range of each row is extended by a thousandth of a cell each way. Cells measure 2e-8 degrees or more (a
    /// grid's box more than 1e-5, at most 512 cells), and rounding moves a point by 1e-13 at most; so no cell is
    /// missed.
    ///
    /// - Returns: Whether `body` did.
    @inline(__always)
    func visit(_ segment: Segment, _ body: (_ row: Int, _ columns: ClosedRange<Int>) -> Bool) -> Bool {
        let (least, most) = (
            pointwiseMin(segment.start, segment.end), pointwiseMax(segment.start, segment.end)
        )
        let margin = 0.001
        // In cells: comparing before clamping excludes edges outside the grid.
        let west = (least.x - minX) * columnsPerDegree
        let east = (most.x - minX) * columnsPerDegree
        let south = (least.y - minY) * rowsPerDegree
        let north = (most.y - minY) * rowsPerDegree
        guard east >= -margin, west <= lastColumn + 1 + margin, north >= -margin, south <= lastRow + 1 + margin else {
            return false
        }
        let (firstRow, finalRow) = (clampedRow(south - margin), clampedRow(north + margin))
        let (firstColumn, finalColumn) = (clampedColumn(west - margin), clampedColumn(east + margin))
        if firstRow == finalRow || firstColumn == finalColumn || north - south < margin {
            for row in firstRow...finalRow where body(row, firstColumn...finalColumn) { return true }
            return false
        }
        // Columns per row along the segment, from its southern end.
        let isRising = (segment.end.y > segment.start.y) == (segment.end.x > segment.start.x)
        let slope = (east - west) / (north - south)
        for row in firstRow...finalRow {
            let bottom = row == firstRow ? south : max(Double(row) - margin, south)
            let top = row == finalRow ? north : max(min(Double(row + 1) + margin, north), bottom)
            let (near, far) = ((bottom - south) * slope, (top - south) * slope)
            let (left, right) = isRising ? (west + near, west + far) : (east - far, east - near)
            if right < -margin || left > lastColumn + 1 + margin { continue }
            if body(row, clampedColumn(left - margin)...clampedColumn(right + margin)) { return true }
        }
        return false
    }

    @inline(__always)
    private func clampedColumn(_ column: Double) -> Int {
        column > 0 ? column < lastColumn ? Int(column) : columns &- 1 : 0
    }

    @inline(__always)
    private func clampedRow(_ row: Double) -> Int {
        row > 0 ? row < lastRow ? Int(row) : rows &- 1 : 0
    }
}
