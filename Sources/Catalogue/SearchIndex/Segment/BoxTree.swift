import Geo

/// The boxes of a segment's rows and of groups of 16, 256, … of them: a packed R-tree over rows in Hilbert order.
struct BoxTree {
    static let fanOut = 16

    let rowCount: Int
    /// Rows with a geometry; they come first.
    let locatedCount: Int
    let boxes: UnsafePointer<SIMD4<Double>>
    /// From groups of rows up to a single box.
    let levels: [UnsafeBufferPointer<SIMD4<Double>>]
    /// Of `boxes`, whose checksums are compared group by group, since most groups are never read.
    let storage: SegmentStorage

    /// Classification of a set of rows by their boxes alone.
    struct Candidates {
        /// Rows in groups whose whole box lies in the area.
        var inside: Bitmap
        /// Rows whose box intersects that of the area; undecided.
        var undecided: Bitmap
    }

    /// Classifies rows by testing their boxes against an area.
    func candidates(for area: PreparedGeometry) -> Candidates {
        var found = Candidates(inside: Bitmap(count: rowCount), undecided: Bitmap(count: rowCount))
        for envelope in area.envelopes {
            let reach = IndexBox(envelope).reach
            visit(level: levels.count - 1, node: 0, reach, area, &found)
        }
        found.undecided.subtract(found.inside)
        return found
    }

    private func visit(
        level: Int, node: Int, _ reach: SIMD4<Double>, _ area: PreparedGeometry, _ found: inout Candidates
    ) {
        let children = node * Self.fanOut..<(node + 1) * Self.fanOut
        if level < 0 {
            return
        } else if level == 0 {
            let rows = children.clamped(to: 0..<locatedCount)
            let size = MemoryLayout<SIMD4<Double>>.stride
            let offset = UnsafeRawPointer(boxes) - storage.base + rows.lowerBound * size
            guard storage.isSound(offset, rows.count * size) else { return }
            // At most one comparison per row: other conditions may leave few rows for exact tests.
            var meeting: UInt64 = 0
            for row in rows {
                meeting |= (IndexBox(lanes: boxes[row]).meets(reach) ? 1 : 0) << UInt64(row & 63)
            }
            found.undecided.insert(meeting, inWordOf: children.lowerBound)
            return
        }
        let below = levels[level - 1]
        for child in children.lowerBound..<min(children.upperBound, below.count) {
            let box = IndexBox(lanes: below[child])
            guard box.meets(reach) else { continue }
            switch area.relation(to: box.planar) {
            case .disjoint: break
            case .covers: found.inside.insert(rows(below: child, level - 1))
            case .undecided: visit(level: level - 1, node: child, reach, area, &found)
            }
        }
    }

    /// Calls `body` with each row whose box satisfies a condition, in order.
    ///
    /// - Parameter holds: True of a box if it is true of any box inside.
    func forEachRow(where holds: (IndexBox) -> Bool, _ body: (Int) -> Void) {
        func visit(_ level: Int, _ node: Int) {
            guard holds(IndexBox(lanes: levels[level][node])) else { return }
            if level == 0 {
                for row in rows(below: node, 0) where holds(IndexBox(lanes: boxes[row])) { body(row) }
            } else {
                let children = node * Self.fanOut..<(node + 1) * Self.fanOut
                for child in children.clamped(to: 0..<levels[level - 1].count) { visit(level - 1, child) }
            }
        }
        visit(levels.count - 1, 0)
    }

    /// The rows with a geometry below a node of a level.
    func rows(below node: Int, _ level: Int) -> Range<Int> {
        var width = Self.fanOut
        for _ in 0..<level { width *= Self.fanOut }
        return min(node * width, locatedCount)..<min((node + 1) * width, locatedCount)
    }
}
