import Testing

@testable import SearchIndex

@Suite("Hilbert curve") struct HilbertTests {
    @Test("goes through each cell of a corner once, from neighbour to neighbour")
    func visitsAll() {
        let side = 64
        var cells: [UInt32: (x: Int, y: Int)] = [:]
        for x in 0..<side {
            for y in 0..<side { cells[hilbertIndex(x: UInt32(x), y: UInt32(y))] = (x, y) }
        }
        #expect(cells.count == side * side)
        for index in 1..<UInt32(side * side) {
            guard let from = cells[index - 1], let to = cells[index] else {
                Issue.record("nothing at \(index)")
                continue
            }
            #expect(abs(from.x - to.x) + abs(from.y - to.y) == 1)
        }
    }

    @Test("takes places at and beyond the edge of the map to its outermost cells")
    func edges() {
        #expect(hilbertIndex(longitude: -180, latitude: -90) == hilbertIndex(x: 0, y: 0))
        #expect(hilbertIndex(longitude: 180, latitude: 90) == hilbertIndex(x: 65_535, y: 65_535))
        #expect(hilbertIndex(longitude: 1e9, latitude: -1e9) == hilbertIndex(x: 65_535, y: 0))
        #expect(hilbertIndex(x: 65_535, y: 0) == .max)
    }
}
