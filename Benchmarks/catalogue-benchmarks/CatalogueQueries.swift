import CQL2
import Catalogue
import Geo
import STACAPI
import Temporal

/// The questions that the platform's users ask all day, by shape.
struct CatalogueQueries {
    static let collection = "sentinel-2-c1-l2a"
    private let engine: CatalogueEngine
    private let runs: Int

    init(_ engine: CatalogueEngine, runs: Int) {
        self.engine = engine
        self.runs = runs
    }

    func run() throws {
        for (name, request) in try Self.shapes() {
            var page = SearchPage(items: [], matched: 0)
            let whole = try Measurement(runs: runs) { page = try engine.search(request) }
            print(whole.row(name, "\(page.items.count) of \(page.matched) Items"))
        }
        try page()
        try readOne()
    }

    /// Follows `next` to the end, or to 5,000 Items.
    private func page() throws {
        var request = Self.request {
            $0.area = Geometry(Self.bavaria); $0.limit = 500
        }
        request.datetime = try DateTimeInterval(Self.year)
        var pages = 0
        var items = 0
        let measurement = try Measurement(runs: max(3, runs / 10)) {
            var request = request
            (pages, items) = (0, 0)
            repeat {
                let page = try engine.search(request)
                pages += 1
                items += page.items.count
                request.cursor = page.next
            } while request.cursor != nil && items < 5_000
        }
        print(measurement.row("page through Bavaria's year, 500 at a time", "\(items) Items on \(pages) pages"))
    }

    private func readOne() throws {
        let page = try engine.search(Self.request { $0.limit = 100 })
        guard !page.items.isEmpty else { return }
        let measurement = try Measurement(runs: runs) {
            for item in page.items { _ = try engine.item(id: item.id, in: Self.collection) }
        }
        print(measurement.row("one Item by id", per: page.items.count))
    }

    // MARK: Shapes

    private static let year = "2023-01-01T00:00:00Z/2023-12-31T23:59:59Z"
    private static let month = "2023-06-01T00:00:00Z/2023-06-30T23:59:59Z"
    private static let bavaria = PlanarBox(minX: 9, minY: 47.3, maxX: 13.9, maxY: 50.6)
    /// Germany's boundary, simplified.
    private static let germany = """
        POLYGON((6.1 50.9, 6.8 52.1, 7.2 53.6, 8.8 54.4, 9.9 54.8, 11.2 54.3, 13.5 54.5, 14.3 53.6, 14.8 51.1,
        12.3 50.2, 13.7 48.6, 12.8 47.6, 10.3 47.4, 7.7 47.6, 8.1 48.9, 6.5 49.4, 6.1 50.9))
        """

    private static func request(_ change: (inout SearchRequest) throws -> Void) rethrows -> SearchRequest {
        var request = SearchRequest(collections: [collection])
        try change(&request)
        return request
    }

    static func shapes() throws -> [(String, SearchRequest)] {
        let germany = try Geometry(wkt: germany)
        let clear = try Expression(text: "eo:cloud_cover < 10")
        let notebook = """
            eo:cloud_cover BETWEEN 0 AND 21 AND datetime >= TIMESTAMP('2023-02-01T00:00:00Z')
            AND datetime <= TIMESTAMP('2023-02-28T23:59:59Z')
            AND S_INTERSECTS(geometry, POLYGON((7.5 47.5, 10.5 47.5, 10.5 49.8, 7.5 49.8, 7.5 47.5)))
            """
        return [
            ("newest 10", request { $0.sortBy = [SortKey("datetime", .descending)] }),
            (
                "box and month, 100",
                try request {
                    $0.area = Geometry(bavaria)
                    $0.datetime = try DateTimeInterval(month)
                    $0.limit = 100
                }
            ),
            (
                "polygon, year, cloud cover below 10 %, 100",
                try request {
                    $0.area = germany
                    $0.datetime = try DateTimeInterval(year)
                    $0.filter = clear
                    $0.limit = 100
                }
            ),
            (
                "the same, sorted by cloud cover",
                try request {
                    $0.area = germany
                    $0.datetime = try DateTimeInterval(year)
                    $0.filter = clear
                    $0.sortBy = [SortKey("eo:cloud_cover")]
                    $0.limit = 100
                }
            ),
            (
                "one tile's year, up to 250",
                try request {
                    $0.datetime = try DateTimeInterval(year)
                    $0.filter = try Expression(text: "grid:code = 'MGRS-32UPU'")
                    $0.limit = 250
                }
            ),
            (
                "count in polygon, all years, cloud cover below 10 %",
                request {
                    $0.area = germany
                    $0.filter = clear
                    $0.limit = 1
                }
            ),
            (
                "box, four weeks and cloud cover in CQL2, all",
                try request {
                    $0.filter = try Expression(text: notebook)
                    $0.limit = 1_000
                }
            ),
            (
                "all Items by cloud cover, 10",
                request {
                    $0.sortBy = [SortKey("eo:cloud_cover")]
                }
            ),
            ("free text in every Item, 10", try request { $0.text = try FreeTextExpression(text: "sentinel") }),
            ("free text in half of the Items, 10", try request { $0.text = try FreeTextExpression(text: "msi -2a") }),
            (
                "free text, box and month, 100",
                try request {
                    $0.text = try FreeTextExpression(text: "2b AND msi")
                    $0.area = Geometry(bavaria)
                    $0.datetime = try DateTimeInterval(month)
                    $0.limit = 100
                }
            ),
            (
                "words in a property of every Item, 10",
                try request {
                    $0.filter = try Expression(text: "s2:product_uri LIKE '%\\_R065\\_T32UPU\\_%'")
                }
            ),
        ]
    }
}
