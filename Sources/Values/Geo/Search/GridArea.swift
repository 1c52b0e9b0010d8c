/// A polygon or several as a query: a grid over their box whose cells are inside, outside, or hold some of the edges.
///
/// A decision by cells alone is certain, since an edge is registered in every cell that it comes near; the
/// rest is decided by the edges in the cells concerned, exactly.
///
/// Owns its memory until `deallocate()`.
struct GridArea: QueryArea {
    enum Cell {
        static let outside: UInt8 = 0
        static let inside: UInt8 = 1
        static let boundary: UInt8 = 2
    }

    /// A polygon of the area: a footprint that shares no edge with it may yet enclose it.
    struct Member {
        var box: PlanarBox
        var corner: SIMD2<Double>
    }

    let box: PlanarBox
    let raster: GridRaster
    let members: UnsafeMutableBufferPointer<Member>

    // Of `raster.columns * raster.rows` cells, row by row from the south-west.
    let cells: UnsafeMutablePointer<UInt8>
    /// For each corner of a cell, how many cells to its south-west are not inside (upper half) and not outside (lower).
    let sums: UnsafeMutablePointer<UInt64>
    let edges: UnsafeMutablePointer<Segment>
    let edgesByCell: GridIndex
    let edgesByRow: GridIndex

    /// - Parameter polygons: Valid polygons that share no inside, at least one.
    /// - Returns: `nil` for an area so small that rounding is not small against a cell.
    /// - Complexity: O(*n*) in the edges, and in the cells, whose number goes with that of the edges.
    init?(_ polygons: [[[Position]]], _ geos: GEOSContext) {
        guard let box = PlanarBox(.multiPolygon(polygons)), box.maxX - box.minX > 1e-5, box.maxY - box.minY > 1e-5
        else { return nil }
        self.box = box
        let segments = polygons.joined().flatMap { ring in
            zip(ring, ring.dropFirst()).map { Segment(start: SIMD2($0.x, $0.y), end: SIMD2($1.x, $1.y)) }
        }
        let members = polygons.compactMap { rings -> Member? in
            guard let corner = rings.first?.first, let box = PlanarBox(.polygon(rings)) else { return nil }
            return Member(box: box, corner: SIMD2(corner.x, corner.y))
        }
        self.members = .allocate(capacity: members.count)
        _ = self.members.initialize(from: members)
        raster = GridRaster(box, edgeCount: segments.count)
        edges = .allocate(capacity: segments.count)
        edges.initialize(from: segments, count: segments.count)
        edgesByCell = GridIndex(cells: raster, segments)
        edgesByRow = GridIndex(rows: raster, segments)
        cells = .allocate(capacity: raster.columns * raster.rows)
        sums = .allocate(capacity: (raster.columns + 1) * (raster.rows + 1))
        classify(geos)
        sum()
    }

    func deallocate() {
        members.deallocate()
        edges.deallocate()
        edgesByCell.deallocate()
        edgesByRow.deallocate()
        cells.deallocate()
        sums.deallocate()
    }

    @inline(__always)
    func relation(to other: PlanarBox) -> BoxRelation {
        guard box.intersects(other) else { return .disjoint }
        let (west, east) = (raster.column(other.minX), raster.column(other.maxX) &+ 1)
        let (south, north) = (raster.row(other.minY), raster.row(other.maxY) &+ 1)
        // In bounds: columns and rows are clamped, and there is one corner more than cells each way.
        let width = raster.columns &+ 1
        let count =
            sums[north &* width &+ east] &- sums[north &* width &+ west] &- sums[south &* width &+ east]
            &+ sums[south &* width &+ west]
        if count & 0xffff_ffff == 0 { return .disjoint }
        return count >> 32 == 0 && box.contains(other) ? .covers : .undecided
    }

    @inline(__always)
    func contains(_ point: SIMD2<Double>, _ geos: GEOSContext) -> Bool { locate(point, geos) != .outside }

    @inline(__always)
    private func locate(_ point: SIMD2<Double>, _ geos: GEOSContext) -> PointLocation {
        guard box.minX <= point.x, point.x <= box.maxX, box.minY <= point.y, point.y <= box.maxY else {
            return .outside
        }
        let row = raster.row(point.y)
        switch cells[row &* raster.columns &+ raster.column(point.x)] {
        case Cell.inside: return .inside
        case Cell.outside: return .outside
        default: return locate(point, row: row, geos)
        }
    }

    /// A ray along the row meets only the edges of the row.
    private func locate(_ point: SIMD2<Double>, row: Int, _ geos: GEOSContext) -> PointLocation {
        var crossing = RayCrossing(point)
        for edge in edgesByRow[row] { crossing.count(edges[Int(edge)].start, edges[Int(edge)].end, geos) }
        return crossing.location
    }

    // MARK: Footprints

    func intersects(_ polygon: WKBFootprint.Polygon, box other: PlanarBox, _ geos: GEOSContext) -> Bool {
        for ring in polygon.rings {
            for index in 1..<ring.count where isInInsideCell(ring[index]) { return true }
        }
        for member in members where other.contains(member.box) {
            if polygon.locate(member.corner, geos) != .outside { return true }
        }
        for ring in polygon.rings {
            var previous = ring[0]
            for index in 1..<ring.count {
                let position = ring[index]
                if meetsEdge(Segment(start: previous, end: position), geos) { return true }
                previous = position
            }
        }
        // No edges meet: the polygon lies inside as a whole or not at all.
        var rings = polygon.rings
        return rings.next().map { contains($0[0], geos) } ?? false
    }

    @inline(__always)
    private func isInInsideCell(_ point: SIMD2<Double>) -> Bool {
        // Clamped, a point outside the box could fall on an inside cell.
        guard box.minX <= point.x, point.x <= box.maxX, box.minY <= point.y, point.y <= box.maxY else { return false }
        return cells[raster.row(point.y) &* raster.columns &+ raster.column(point.x)] == Cell.inside
    }

    @inline(__always)
    private func meetsEdge(_ segment: Segment, _ geos: GEOSContext) -> Bool {
        raster.visit(segment) { row, columns in
            for cell in row &* raster.columns &+ columns.lowerBound...row &* raster.columns &+ columns.upperBound
            where cells[cell] == Cell.boundary {
                for edge in edgesByCell[cell] where edges[Int(edge)].intersects(segment, geos) { return true }
            }
            return false
        }
    }

    // MARK: Building

    private func classify(_ geos: GEOSContext) {
        let columns = raster.columns
        for row in 0..<raster.rows {
            var column = 0
            while column < columns {
                let cell = row * columns + column
                guard edgesByCell[cell].isEmpty else {
                    cells[cell] = Cell.boundary
                    column += 1
                    continue
                }
                // Between neighbours without edges nothing changes: one look is enough for a run of them.
                var end = column
                var state: UInt8?
                while end < columns, edgesByCell[row * columns + end].isEmpty {
                    if state == nil, row > 0, case let below = cells[(row - 1) * columns + end], below != Cell.boundary
                    {
                        state = below
                    }
                    end += 1
                }
                let found =
                    state
                    ?? (locate(raster.centre(row, column), row: row, geos) == .inside ? Cell.inside : Cell.outside)
                for index in column..<end { cells[row * columns + index] = found }
                column = end
            }
        }
    }

    private func sum() {
        let width = raster.columns + 1
        for column in 0..<width { sums[column] = 0 }
        for row in 0..<raster.rows {
            var inRow: UInt64 = 0
            sums[(row + 1) * width] = 0
            for column in 0..<raster.columns {
                let cell = cells[row * raster.columns + column]
                inRow += (cell == Cell.inside ? 0 : 1 << 32) + (cell == Cell.outside ? 0 : 1)
                sums[(row + 1) * width + column + 1] = sums[row * width + column + 1] + inRow
            }
        }
    }
}
