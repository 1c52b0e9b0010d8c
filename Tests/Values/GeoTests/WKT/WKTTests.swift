import Geo
import Testing

@Suite("WKT") struct WKTTests {
    @Test(
        "comes out as it went in",
        arguments: [
            "POINT (1 2)", "POINT Z (1 2 3)", "POINT EMPTY", "LINESTRING (0 0, 1.5 2)", "LINESTRING EMPTY",
            "POLYGON ((0 0, 4 0, 4 4, 0 0), (1 1, 2 1, 2 2, 1 1))", "POLYGON EMPTY", "MULTIPOINT ((0 0), (1 2))",
            "MULTILINESTRING ((0 0, 1 2), (3 3, 4 4))",
            "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 0)), ((5 5, 6 5, 6 6, 5 5)))",
            "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (0 0, 1 1))", "GEOMETRYCOLLECTION EMPTY",
            "GEOMETRYCOLLECTION (POINT EMPTY)", "POLYGON Z ((0 0 1, 4 0 1, 4 4 1, 0 0 1))",
        ])
    func roundTrip(text: String) throws {
        #expect(try Geometry(wkt: text).wkt == text)
    }

    @Test(
        "is read in any case and spacing",
        arguments: [
            ("point(1 2)", "POINT (1 2)"), ("  Point z( 1 2 3 ) ", "POINT Z (1 2 3)"),
            ("POINTZ(1 2 3)", "POINT Z (1 2 3)"),
            ("POINT(1 2 3)", "POINT Z (1 2 3)"), ("multipoint(0 0,1 2)", "MULTIPOINT ((0 0), (1 2))"),
            ("POINT(+1e1 -.5)", "POINT (10 -0.5)"),
        ])
    func lenient(text: String, expected: String) throws {
        #expect(try Geometry(wkt: text).wkt == expected)
    }

    @Test(
        "reports the offset of the fault",
        arguments: [
            ("", 0), ("CIRCLE(1 2)", 0), ("POINT", 5), ("POINT(1 2", 9), ("POINT(1 a)", 8), ("POINT(1 2))", 10),
            ("POINT(1 95)", 6), ("POINT M (1 2 3)", 6), ("POINT(1e999 2)", 6), ("LINESTRING(1 2)", 10),
            ("POLYGON((0 0,1 0,0 0))", 8), ("POLYGON((0 0,1 0,1 1,0 1))", 8), ("POINT Z (1 2)", 12),
            ("POINT(1 nan)", 8),
        ])
    func rejects(text: String, offset: Int) throws {
        let error = try #require(throws: GeoError.self) { try Geometry(wkt: text) }
        #expect(error.location == .offset(offset), "\(error)")
    }

    @Test("rejects collections nested beyond the limit")
    func depth() throws {
        let text = String(repeating: "GEOMETRYCOLLECTION(", count: 10_000)
        let error = try #require(throws: GeoError.self) { try Geometry(wkt: text) }
        #expect(error.reason == .tooDeep(limit: Geometry.depthLimit))
    }
}
