import Geo
import ItemFileSearch
import JSON
import STACAPI
import SearchIndex
import TestKit
import Testing

/// Files are searched by the Items' boxes first, the catalogue by their geometries: both have to find the same.
@Suite("Boxes beyond ±180 and across it") struct BoxAgreementTests {
    /// An Item whose geometry fills its box, written in one of the ways in which that is done.
    private static func item(_ number: Int, _ random: inout SeededGenerator) -> JSONValue {
        func degrees(_ range: ClosedRange<Int>) -> Double { Double(random.integer(range)) }
        let south = degrees(-90...85)
        let north = min(90, south + degrees(1...10))
        let west: Double
        let width: Double
        switch random.integer(0...5) {
        case 0: (west, width) = (degrees(170...190), degrees(1...30))
        case 1: (west, width) = (degrees(-200...(-170)), degrees(1...30))
        case 2: (west, width) = (degrees(-180...0), 360)
        // More than half the Earth.
        case 3: (west, width) = (degrees(-180...180), degrees(181...350))
        default: (west, width) = (degrees(-180...170), degrees(1...9))
        }
        let east = west + width
        func ring(_ west: Double, _ east: Double) -> JSONValue {
            [
                [
                    [JSONValue(west), JSONValue(south)], [JSONValue(east), JSONValue(south)],
                    [JSONValue(east), JSONValue(north)], [JSONValue(west), JSONValue(north)],
                    [JSONValue(west), JSONValue(south)],
                ]
            ]
        }
        func wrapped(_ x: Double) -> Double { x > 180 ? x - 360 : x < -180 ? x + 360 : x }
        let isAcross = west < 180 && east > 180 || west < -180 && east > -180
        // Beyond ±180, or wrapped: cut in two, or jumping.
        let form = isAcross && width < 360 ? random.integer(0...2) : 0
        let geometry: JSONValue
        var bbox: [Double] = [west, south, east, north]
        switch form {
        case 0: geometry = ["type": "Polygon", "coordinates": ring(west, east)]
        case 1:
            bbox = [wrapped(west), south, wrapped(east), north]
            geometry = [
                "type": "MultiPolygon", "coordinates": [ring(wrapped(west), 180), ring(-180, wrapped(east))],
            ]
        default:
            bbox = [wrapped(west), south, wrapped(east), north]
            geometry =
                width < 180
                ? ["type": "Polygon", "coordinates": ring(wrapped(west), wrapped(east))]
                : ["type": "MultiPolygon", "coordinates": [ring(wrapped(west), 180), ring(-180, wrapped(east))]]
        }
        return [
            "type": "Feature", "stac_version": "1.1.0", "id": .string("i-\(number)"), "collection": "c",
            "geometry": geometry, "bbox": .array(bbox.map { JSONValue($0) }),
            "properties": ["datetime": "2024-01-01T00:00:00Z"], "links": [], "assets": [:],
        ]
    }

    private static func area(_ random: inout SeededGenerator) throws -> Geometry {
        let west = Double(random.integer(-400...400)) / 2
        let south = Double(random.integer(-180...170)) / 2
        let width = random.chance(20) ? Double(random.integer(100...400)) : Double(random.integer(0...20)) / 4
        let north = min(90, south + Double(random.integer(0...40)) / 4)
        if random.chance(50) { return Geometry(try BoundingBox([west, south, west + width, north])) }
        func wrapped(_ x: Double) -> Double { (x + 180).remainder(dividingBy: 360) + (x < -180 || x > 180 ? 0 : 0) }
        return Geometry(
            try BoundingBox([
                max(-180, min(180, wrapped(west))), south, max(-180, min(180, wrapped(west + width))), north,
            ]))
    }

    @Test("files and the index find the same", arguments: TestRounds.seeds(6))
    func agree(seed: Int) throws {
        var random = SeededGenerator(seed: seed)
        let folder = try TemporaryDirectory()
        let items = (0..<120).map { Self.item($0, &random) }
        // Sorted, so that bounds of pages and row groups are narrow enough to prune.
        let sorted = items.sorted { ($0["bbox"]?[0]?.double ?? 0) < ($1["bbox"]?[0]?.double ?? 0) }
        try folder.write(Array(sorted[..<60]), to: "a.parquet")
        try folder.write(Array(sorted[60...]), to: "b.parquet")
        let files = try ItemFilePaths.files(of: [folder.path])

        let index = try ItemIndex(path: folder.path("index"), storeID: "store")
        var batch = ColumnBatch()
        for item in items { try JSONReader().read(item.serialized()) { try batch.append(item: $0) } }
        var changes = IndexChanges(after: 0)
        changes.put(
            batch, rows: 0..<batch.count, sequences: items.indices.map { Int64($0) + 1 }, in: .init(number: 1, id: "c"))
        try index.apply(changes)

        var counts: Set<Int> = []
        for _ in 0..<60 {
            let area = try Self.area(&random)
            let request = SearchRequest(area: area, limit: 1_000)
            var found: Set<String> = []
            try ItemFileSearch(request, files: files).run(isOrdered: false).forEachID { found.insert($0) }
            let expected = try index.search(request) { _, _ in }.hits.map(\.id)
            #expect(found == Set(expected), "\(random) \(area.wkt)")
            counts.insert(found.count)
        }
        #expect(counts.count > 4)
    }

    @Test(
        "of the report are found on both sides",
        arguments: [[179, 0, 181, 1], [0, -80, 360, 80], [-181, 0, -179, 1]])
    func reported(bbox: [Double]) throws {
        let folder = try TemporaryDirectory()
        let corners = [(0, 1), (2, 1), (2, 3), (0, 3), (0, 1)].map {
            JSONValue.array([.init(bbox[$0.0]), .init(bbox[$0.1])])
        }
        let item: JSONValue = [
            "type": "Feature", "stac_version": "1.1.0", "id": "a", "collection": "c",
            "geometry": ["type": "Polygon", "coordinates": [.array(corners)]],
            "bbox": .array(bbox.map { JSONValue($0) }),
            "properties": ["datetime": "2024-01-01T00:00:00Z"], "links": [], "assets": [:],
        ]
        try folder.write([item], to: "a.parquet")
        for box in [[-180, 0, -179.5, 1], [179.5, 0, 180, 1], [179.9, 0.5, -179.9, 0.6], [180.1, 0, 180.2, 1]] {
            let request = SearchRequest(area: Geometry(try BoundingBox(box)))
            #expect(try ItemFileSearch(request, files: [folder.path("a.parquet")]).run().count == 1, "\(box)")
        }
    }
}
