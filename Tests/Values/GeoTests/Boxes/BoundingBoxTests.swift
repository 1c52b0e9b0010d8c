import Geo
import Testing

@Suite("Bounding box") struct BoundingBoxTests {
    @Test("keeps heights") func heights() throws {
        let box = try BoundingBox([1, 2, 3, 4, 5, 6])
        #expect(box.numbers == [1, 2, 3, 4, 5, 6])
        #expect((box.west, box.south, box.east, box.north) == (1, 2, 4, 5))
    }

    @Test(
        "wraps longitudes",
        arguments: [
            ([170, 0, 190, 1], [170, 0, -170, 1]), ([-190, 0, -170, 1], [170, 0, -170, 1]),
            ([0, 0, 360, 1], [-180, 0, 180, 1]), ([-180, -90, 180, 90], [-180, -90, 180, 90]),
        ])
    func wraps(numbers: [Double], expected: [Double]) throws {
        #expect(try BoundingBox(numbers).numbers == expected)
    }

    @Test(
        "rejects numbers that are no box", arguments: [[1, 2, 3], [1, 5, 2, 4], [0, 0, 0, 91], [0, .nan, 1, 1], []])
    func rejects(numbers: [Double]) {
        #expect(throws: GeoError.self) { try BoundingBox(numbers) }
    }

    @Test(
        "becomes the geometry that it is",
        arguments: [
            ([0, 0, 2, 1], "POLYGON ((0 0, 2 0, 2 1, 0 1, 0 0))"),
            (
                [170, 0, -170, 1],
                "MULTIPOLYGON (((170 0, 180 0, 180 1, 170 1, 170 0)), ((-180 0, -170 0, -170 1, -180 1, -180 0)))"
            ),
            ([1, 1, 1, 1], "POINT (1 1)"), ([1, 1, 2, 1], "LINESTRING (1 1, 2 1)"),
            ([170, 0, -180, 1], "POLYGON ((170 0, 180 0, 180 1, 170 1, 170 0))"),
        ])
    func geometry(numbers: [Double], wkt: String) throws {
        #expect(try Geometry(BoundingBox(numbers)).wkt == wkt)
    }
}
