import CQL2
import Catalogue
import STACAPI

/// Aggregations of all Items, and of those with little cloud.
struct AggregationBenchmarks {
    private let engine: CatalogueEngine
    private let runs: Int

    init(_ engine: CatalogueEngine, runs: Int) {
        self.engine = engine
        self.runs = runs
    }

    func run() throws {
        let filters = [("all Items", nil), ("cloud cover below 20 %", try Expression(text: "eo:cloud_cover < 20"))]
        for (items, filter) in filters {
            for (name, aggregation) in Self.aggregations {
                var request = SearchRequest(collections: [CatalogueQueries.collection])
                request.filter = filter
                var buckets = 0
                let measurement = try Measurement(runs: runs) {
                    let results = try engine.aggregate(request, [aggregation], SearchBudget())
                    if case .buckets(let found, _) = results[0] { buckets = found.count }
                }
                print(measurement.row("\(name), \(items)", "\(buckets) buckets"))
            }
        }
    }

    /// Few buckets and many; strings of many Items each, and others in each of them, in the order of time or of
    /// position.
    private static let aggregations: [(String, Aggregation)] = [
        ("Items by day", .dates(property: "datetime", .day)),
        ("by cloud cover", .ranges(property: "eo:cloud_cover", boundaries: [5, 15, 40])),
        ("by platform", .terms(property: "platform")),
        ("by tile", .terms(property: "grid:code")),
        ("by data strip", .terms(property: "s2:datastrip_id")),
        ("by product", .terms(property: "s2:product_uri")),
        ("by granule", .terms(property: "s2:tile_id")),
        ("by scene", .terms(property: "terrabyte:stactools_id")),
        ("by geohash of 5 letters", .cells(.geohash(5))),
        ("by geohash of 12 letters", .cells(.geohash(12))),
        ("by map tile of zoom 8", .cells(.geotile(8))),
        ("by map tile of zoom 29", .cells(.geotile(29))),
    ]
}
