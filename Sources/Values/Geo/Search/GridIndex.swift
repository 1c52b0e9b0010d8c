/// Which edges come near each cell of a grid, or each of its rows.
///
/// Owns its memory until `deallocate()`.
struct GridIndex {
    private let starts: UnsafeMutablePointer<UInt32>
    private let edges: UnsafeMutablePointer<UInt32>

    /// By cell, row by row from the south-west.
    init(cells raster: GridRaster, _ segments: [Segment]) {
        self.init(count: raster.columns * raster.rows, segments) { segment, visit in
            _ = raster.visit(segment) { row, columns in
                for column in columns { visit(row * raster.columns + column) }
                return false
            }
        }
    }

    init(rows raster: GridRaster, _ segments: [Segment]) {
        self.init(count: raster.rows, segments) { segment, visit in
            for row in raster.row(min(segment.start.y, segment.end.y))...raster.row(max(segment.start.y, segment.end.y))
            {
                visit(row)
            }
        }
    }

    private init(count: Int, _ segments: [Segment], _ forEachCell: (Segment, (Int) -> Void) -> Void) {
        let starts = UnsafeMutablePointer<UInt32>.allocate(capacity: count + 1)
        starts.initialize(repeating: 0, count: count + 1)
        for segment in segments { forEachCell(segment) { starts[$0] += 1 } }
        // Each start is first moved to its list's end, then back as the list is filled from there.
        for index in 1..<count { starts[index] += starts[index - 1] }
        starts[count] = starts[count - 1]
        let edges = UnsafeMutablePointer<UInt32>.allocate(capacity: Int(starts[count]))
        for (index, segment) in segments.enumerated() {
            forEachCell(segment) { cell in
                starts[cell] -= 1
                edges[Int(starts[cell])] = UInt32(index)
            }
        }
        self.starts = starts
        self.edges = edges
    }

    func deallocate() {
        starts.deallocate()
        edges.deallocate()
    }

    /// Numbers of edges, for a cell or row of the grid.
    @inline(__always)
    subscript(cell: Int) -> UnsafeBufferPointer<UInt32> {
        // In bounds: there is one start more than cells.
        UnsafeBufferPointer(start: edges + Int(starts[cell]), count: Int(starts[cell &+ 1] &- starts[cell]))
    }
}
