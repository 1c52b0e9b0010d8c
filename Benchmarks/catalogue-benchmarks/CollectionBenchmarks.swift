import CQL2
import Catalogue
import Geo
import ItemGenerator
import JSON
import STACAPI

/// Searches among many Collections.
struct CollectionBenchmarks {
    private let engine: CatalogueEngine
    private let count: Int
    private let runs: Int

    init(_ engine: CatalogueEngine, count: Int, runs: Int) {
        self.engine = engine
        self.count = count
        self.runs = runs
    }

    func run() throws {
        for number in 0..<count {
            _ = try engine.putCollection(Self.collection(number), id: nil, .create, ifMatch: nil)
        }
        let clock = ContinuousClock()
        let start = clock.now
        _ = try engine.searchCollections(SearchRequest(sortBy: [SortKey("id")]))
        print("| read \(count) Collections | \(Measurement.text(clock.now - start)) | | |")
        for (name, change) in Self.shapes() {
            var request = SearchRequest(sortBy: [SortKey("id")], limit: 100)
            try change(&request)
            var page = CollectionPage(collections: [], matched: 0)
            let measurement = try Measurement(runs: runs) { page = try engine.searchCollections(request) }
            print(measurement.row("Collections: \(name)", "\(page.collections.count) of \(page.matched)"))
        }
    }

    private static func shapes() -> [(String, (inout SearchRequest) throws -> Void)] {
        [
            ("the first 100", { _ in }),
            ("in a box", { $0.area = Geometry(PlanarBox(minX: 9, minY: 47, maxX: 14, maxY: 51)) }),
            ("with a word", { $0.text = try FreeTextExpression(text: "number77") }),
            ("with a filter", { $0.filter = try Expression(text: "title LIKE '%77%'") }),
            ("by title", { $0.sortBy = [SortKey("title", .descending)] }),
        ]
    }

    /// The Sentinel-2 Collection under other names and in other areas.
    private static func collection(_ number: Int) -> [UInt8] {
        var collection = Sentinel2Collection.document.object ?? JSONObject()
        let (west, south) = (Double(number % 350) - 180, Double(number % 160) - 85)
        collection["id"] = .string("collection-\(number)")
        collection["title"] = .string("Collection number\(number)")
        collection["extent"] = [
            "spatial": [
                "bbox": [[JSONValue(west), JSONValue(south), JSONValue(west + 10), JSONValue(south + 10)]]
            ],
            "temporal": ["interval": [["2015-06-27T10:25:31Z", nil]]],
        ]
        return JSONValue.object(collection).serialized()
    }
}
