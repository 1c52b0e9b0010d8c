import Foundation
import Geo
import JSON
import STACAPI
import TestKit
import Testing

@testable import SearchIndex

@Suite("Counting by cells") struct CellCountTests {
    @Test("square by square gives what counting each row gives", arguments: TestRounds.seeds(6))
    func bruteForce(seed: Int) throws {
        var random = SeededGenerator(seed: 41_000 + seed)
        let matches = try (0..<3).map { _ in try matchingRows(400, &random) }
        let grids = Grid.geohashPrecisions.map(Grid.geohash) + Grid.geotilePrecisions.map(Grid.geotile)
        for grid in grids {
            for (limit, processors) in [(1, 1), (7, 4), (10_000, 1), (10_000, 4)] {
                let processors = SpareCores(count: processors)
                let found =
                    switch grid {
                    case .geohash(let length):
                        CellCount(matches, grid, GeohashCells(length: length), rowsAtOnce: 16, processors: processors)
                            .mostFrequent(limit)
                    case .geotile(let zoom):
                        CellCount(matches, grid, TileCells(zoom: zoom), rowsAtOnce: 16, processors: processors)
                            .mostFrequent(limit)
                    }
                let expected = Array(plainCount(matches, grid).prefix(limit))
                let isSame = found.elementsEqual(expected) { $0.count == $1.count && $0.order == $1.order }
                #expect(isSame, "\(grid), limit \(limit), seed \(seed)")
            }
        }
    }

    private func matchingRows(_ count: Int, _ random: inout SeededGenerator) throws -> MatchingRows {
        var batch = ColumnBatch()
        for number in 0..<count {
            let item = SmallCatalogue.item("\(number)", geometry: geometry(&random))
            try JSONReader().read(Array(item.utf8)) { try batch.append(item: $0) }
        }
        let segment = Segment(batch, rows: Array(0..<count))
        guard random.chance(50) else { return MatchingRows(.all, of: segment, collection: "alpha") }
        var rows = Bitmap(count: count)
        for row in 0..<count where random.chance(60) { rows[row] = true }
        return MatchingRows(.rows(rows), of: segment, collection: "alpha")
    }

    /// Nowhere, in crowded places, on borders of cells, at the map's edges, across the antimeridian.
    private func geometry(_ random: inout SeededGenerator) -> String {
        func point(_ longitude: Double, _ latitude: Double) -> String {
            "{\"type\":\"Point\",\"coordinates\":[\(longitude),\(latitude)]}"
        }
        switch random.integer(0...9) {
        case 0: return "null"
        case 1:
            let south = Double(random.integer(-80...60))
            let ring = { (west: Double, east: Double) in
                "[[[\(west),\(south)],[\(east),\(south)],[\(east),\(south + 10)],[\(west),\(south)]]]"
            }
            return "{\"type\":\"MultiPolygon\",\"coordinates\":[\(ring(179, 180)),\(ring(-180, -178))]}"
        case 2: return point(Double(random.integer(-8...8)) * 22.5, Double(random.integer(-16...16)) * 5.625)
        case 3: return point(random.pick([-180, 180, 179.5]), random.pick([-90, 90, 85.1, -85.06, -15, 5]))
        case 4...6: return point(11.25 + Double(random.integer(0...40)) / 1e3, 48 + Double(random.integer(0...9)) / 1e7)
        default:
            return point(Double(random.integer(-18_000...18_000)) / 100, Double(random.integer(-9_000...9_000)) / 100)
        }
    }

    private func plainCount(_ matches: [MatchingRows], _ grid: Grid) -> [MostFrequent.Entry] {
        var counts: [UInt64: Int] = [:]
        for rows in matches {
            rows.forEach { row in
                guard let box = rows.segment.box(row) else { return }
                let (longitude, latitude) = (rows.segment.longitudes(row).middle, (box.minY + box.maxY) / 2)
                let cell =
                    switch grid {
                    case .geohash(let length):
                        cell((longitude + 180) / 360, (length * 5 + 1) / 2, (latitude + 90) / 180, length * 5 / 2)
                    case .geotile(let zoom):
                        cell((longitude + 180) / 360, zoom, northing(latitude), zoom)
                    }
                counts[grid.order(ofCell: cell), default: 0] += 1
            }
        }
        return counts.map { (count: $0.value, order: $0.key) }
            .sorted { $0.count != $1.count ? $0.count > $1.count : $0.order < $1.order }
    }

    /// Fractions of the map's width and height and the numbers of halvings, by the grids' definitions.
    private func cell(_ x: Double, _ columnBits: Int, _ y: Double, _ rowBits: Int) -> UInt64 {
        func number(_ fraction: Double, _ bits: Int) -> UInt64 {
            let count = Double(UInt64(1) << UInt64(bits))
            return UInt64(max(0, min(count - 1, (fraction * count).rounded(.down))))
        }
        return number(x, columnBits) << 32 | number(y, rowBits)
    }

    private func northing(_ latitude: Double) -> Double {
        let radians = max(-MercatorRow.outermost, min(MercatorRow.outermost, latitude)) * .pi / 180
        return 0.5 - log(tan(.pi / 4 + radians / 2)) / (2 * .pi)
    }

    @Test("finds rows of tiles as the formula does")
    func mercatorRows() {
        var random = SeededGenerator(seed: 41_100)
        let edge = MercatorRow.outermost
        var latitudes = [
            0, -0.0, edge, -edge, edge.nextUp, edge.nextDown, -edge.nextUp, -edge.nextDown, 90, -90, 1e300,
        ]
        for _ in 0..<100_000 { latitudes.append(Double(random.integer(-90_000_000...90_000_000)) / 1e6) }
        #expect(latitudes.allSatisfy { MercatorRow.row(latitude: $0) == MercatorRow.exactRow(latitude: $0) })
    }
}
