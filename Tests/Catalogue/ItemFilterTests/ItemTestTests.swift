import CQL2
import Geo
import ItemFilter
import JSON
import STACAPI
import Temporal
import Testing

@Suite("A request's conditions on an Item's text") struct ItemTestTests {
    private static let item = """
        {"id":"i","collection":"c","bbox":[10,47,100,12,49,300],"geometry":{"type":"Polygon","coordinates":
        [[[10,47],[12,47],[12,49],[10,49],[10,47]]]},"properties":{"datetime":null,
        "start_datetime":"2024-01-01T00:00:00Z","end_datetime":"2024-01-03T00:00:00Z","eo:cloud_cover":12,
        "platform":"sentinel-2a"}}
        """

    private static func holds(_ request: SearchRequest) throws -> Bool {
        let conditions = try SearchConditions(request)
        let test = ItemTest(conditions, conditions.conditions)
        return try JSONReader().read(Array(item.utf8)) { try test.holds($0) }
    }

    @Test("hold or do not", arguments: [("i", "c", true), ("j", "c", false), ("i", "d", false), ("I", "c", false)])
    func ids(id: String, collection: String, expected: Bool) throws {
        #expect(try Self.holds(SearchRequest(collections: [collection], ids: [id])) == expected)
    }

    @Test(
        "hold for an area that the geometry meets",
        arguments: [
            (11.0, 48.0, 20.0, 50.0, true), (12, 49, 13, 50, true), (12.1, 47, 13, 49, false),
            (170, 47, -170, 49, false), (170, 47, 11, 49, true),
        ])
    func area(west: Double, south: Double, east: Double, north: Double, expected: Bool) throws {
        let area = Geometry(try BoundingBox([west, south, east, north]))
        #expect(try Self.holds(SearchRequest(area: area)) == expected)
    }

    @Test(
        "hold for a time in which the Item was taken",
        arguments: [
            ("2024-01-02T00:00:00Z", true), ("../2024-01-01T00:00:00Z", true), ("2024-01-03T00:00:01Z/..", false),
            ("../2023-12-31T23:59:59Z", false), ("2024-01-02T00:00:00Z/2024-01-02T00:00:01Z", true),
        ])
    func datetime(text: String, expected: Bool) throws {
        #expect(try Self.holds(SearchRequest(datetime: try DateTimeInterval(text))) == expected)
    }

    @Test(
        "hold for a filter that is true",
        arguments: [
            ("eo:cloud_cover < 20", true), ("eo:cloud_cover > 12", false), ("eo:cloud_cover <> 12", false),
            ("missing <> 12", false), ("NOT missing = 12", false), ("missing IS NULL", true),
            ("platform IN ('sentinel-2a', 'sentinel-2b') AND eo:cloud_cover BETWEEN 12 AND 13", true),
            ("S_INTERSECTS(geometry, POINT(11 48)) AND platform LIKE 'sentinel%'", true),
            ("S_INTERSECTS(geometry, POINT(9 48)) AND platform LIKE 'sentinel%'", false),
        ])
    func filter(text: String, expected: Bool) throws {
        #expect(try Self.holds(SearchRequest(filter: try Expression(text: text))) == expected)
    }

    @Test("refuse a filter with a function that is not known")
    func unknownFunction() throws {
        let filter = try Expression(text: "no_such_function(id) = 1")
        #expect(throws: CQL2Error.self) { try SearchConditions(SearchRequest(filter: filter)) }
    }

    @Test("give the values of the order's keys")
    func order() throws {
        let request = SearchRequest(sortBy: [
            SortKey("datetime", .descending), SortKey("eo:cloud_cover"), SortKey("missing"), SortKey("geometry"),
        ])
        let test = ItemTest(try SearchConditions(request), [])
        let values = try JSONReader().read(Array(Self.item.utf8)) { test.sortValues($0) }
        let start = try #require(Timestamp("2024-01-01T00:00:00Z"))
        #expect(values.prefix(4) == [.timestamp(start), .number(12), .missing, .missing])
    }
}
