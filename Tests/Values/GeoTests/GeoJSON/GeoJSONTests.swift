import Geo
import JSON
import Testing

@Suite("GeoJSON geometry") struct GeoJSONTests {
    @Test(
        "comes out as it went in, from values and from parsed text",
        arguments: [
            #"{"type":"Point","coordinates":[11.5,48.1]}"#,
            #"{"type":"Point","coordinates":[11.5,48.1,519]}"#,
            #"{"type":"Point","coordinates":[]}"#,
            #"{"type":"LineString","coordinates":[[0,0],[1,2]]}"#,
            #"{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,0]],[[1,1],[2,1],[2,2],[1,1]]]}"#,
            #"{"type":"Polygon","coordinates":[]}"#,
            #"{"type":"MultiPoint","coordinates":[[0,0],[1,2]]}"#,
            #"{"type":"MultiLineString","coordinates":[[[0,0],[1,2]],[[190,3],[4,4]]]}"#,
            #"{"type":"MultiPolygon","coordinates":[[[[0,0],[4,0],[4,4],[0,0]]],[[[5,5],[6,5],[6,6],[5,5]]]]}"#,
            #"{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]}]}"#,
            #"{"type":"GeometryCollection","geometries":[]}"#,
        ])
    func roundTrip(text: String) throws {
        #expect(try Geometry(geoJSON: JSONValue(parsing: text)).geoJSON.jsonText == text)
        #expect(try JSONReader(.rfc8259).read(Array(text.utf8)) { try Geometry(geoJSON: $0) }.geoJSON.jsonText == text)
    }

    @Test(
        "names the path of the fault",
        arguments: [
            ("[]", "expected a geometry object"),
            ("{}", "type: expected a string"),
            (#"{"type":"Feature"}"#, "type: unknown geometry type \"Feature\""),
            (#"{"type":"Point"}"#, "coordinates: expected an array"),
            (#"{"type":"Point","coordinates":[1]}"#, "coordinates: expected longitude and latitude"),
            (#"{"type":"Point","coordinates":[1,"2"]}"#, "coordinates[1]: expected a number"),
            (#"{"type":"Point","coordinates":[1,91]}"#, "coordinates: latitude 91.0 is outside -90...90"),
            (#"{"type":"LineString","coordinates":[[1,2]]}"#, "coordinates: 1 positions, at least 2 are needed"),
            (
                #"{"type":"Polygon","coordinates":[[[0,0],[1,0],[0,0]]]}"#,
                "coordinates[0]: 3 positions, at least 4 are needed"
            ),
            (
                #"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}"#,
                "coordinates[0]: the ring is not closed: its last position differs from its first"
            ),
            (
                #"{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[1e999,1],[0,0]]]]}"#,
                "coordinates[0][0][3]: a coordinate is not a finite number"
            ),
            (
                #"{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,null]}]}"#,
                "geometries[0].coordinates[1]: expected a number"
            ),
        ])
    func rejects(text: String, message: String) throws {
        let value = try JSONValue(parsing: text, by: .rfc8259)
        let error = try #require(throws: GeoError.self) { try Geometry(geoJSON: value) }
        #expect(error.description == message)
        let other = try #require(throws: GeoError.self) {
            try JSONReader(.rfc8259).read(Array(text.utf8)) { try Geometry(geoJSON: $0) }
        }
        #expect(other == error)
    }

    @Test("rejects collections nested beyond the limit")
    func depth() throws {
        var value: JSONValue = ["type": "Point", "coordinates": [1, 2]]
        for _ in 0...Geometry.depthLimit { value = ["type": "GeometryCollection", "geometries": [value]] }
        let nested = value
        let error = try #require(throws: GeoError.self) { try Geometry(geoJSON: nested) }
        #expect(error.reason == .tooDeep(limit: Geometry.depthLimit))
    }
}
