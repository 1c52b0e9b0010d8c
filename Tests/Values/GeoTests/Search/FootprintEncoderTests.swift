import Geo
import JSON
import Testing

@Suite("Footprint encoder") struct FootprintEncoderTests {
    private func encode(_ text: String) throws -> (bytes: [UInt8], box: PlanarBox?) {
        // What stands before stays.
        var bytes: [UInt8] = [7, 7, 7]
        let box = try JSONReader(.rfc8259).read(Array(text.utf8)) {
            try FootprintEncoder.appendWKB(geoJSON: $0, to: &bytes)
        }
        #expect(bytes.prefix(3) == [7, 7, 7])
        return (Array(bytes.dropFirst(3)), box)
    }

    @Test("writes what the normalised geometry would", arguments: [nil, 0.5])
    func agrees(step: Double?) throws {
        var make = RandomGeometry(seed: 11, step: step)
        for _ in 0..<1000 {
            let geometry = make.any(Position(make.number(-185...185), make.number(-40...40)), 9)
            let text = geometry.geoJSON.jsonText
            let encoded = try encode(text)
            // From the text, which has no negative zero.
            let expected = try Geometry(geoJSON: JSONValue(parsing: text, by: .rfc8259)).normalized()
            #expect(encoded.bytes == expected.wkb, "\(geometry.wkt)")
            #expect(encoded.box == PlanarBox(expected))
        }
    }

    @Test("drops heights")
    func heights() throws {
        let encoded = try encode(#"{"type":"Polygon","coordinates":[[[0,0,5],[1,0,5],[1,1,5],[0,0,5]]]}"#)
        #expect(try Geometry(wkb: encoded.bytes).wkt == "POLYGON ((0 0, 1 0, 1 1, 0 0))")
    }

    @Test(
        "appends nothing for null and for empty geometries",
        arguments: [
            "null", #"{"type":"Point","coordinates":[]}"#, #"{"type":"Polygon","coordinates":[]}"#,
            #"{"type":"GeometryCollection","geometries":[]}"#, #"{"type":"MultiPolygon","coordinates":[]}"#,
        ])
    func empty(text: String) throws {
        let encoded = try encode(text)
        #expect(encoded.bytes.isEmpty && encoded.box == nil)
    }

    @Test(
        "throws what reading the geometry throws",
        arguments: [
            "7", "{}", #"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,91],[0,0]]]}"#,
            #"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}"#,
            #"{"type":"Polygon","coordinates":[[[0,0],[1,0],[0,0]]]}"#,
            #"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1,1e999],[0,0]]]}"#,
            #"{"type":"Polygon","coordinates":[[0,0],[1,0],[1,1],[0,0]]}"#,
            #"{"type":"MultiPolygon","coordinates":[1]}"#, #"{"type":"Point","coordinates":[null,1]}"#,
            #"{"type":"Polygon","coordinates":[[[0,0],[1,0],{"a":1,"b":2},[0,0]]]}"#,
        ])
    func faults(text: String) throws {
        let value = try JSONValue(parsing: text, by: .rfc8259)
        let expected = try #require(throws: GeoError.self) { try Geometry(geoJSON: value) }
        #expect(throws: expected) { try encode(text) }
    }
}
