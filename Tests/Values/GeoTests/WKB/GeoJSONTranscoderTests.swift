import Geo
import JSON
import Testing

@Suite("WKB to GeoJSON text") struct GeoJSONTranscoderTests {
    private func text(_ wkb: [UInt8]) throws -> String {
        var output: [UInt8] = []
        try wkb.withUnsafeBytes { try GeoJSONTranscoder.append($0, to: &output) }
        return String(decoding: output, as: UTF8.self)
    }

    @Test(
        "is the inverse of the way there, also for positions that are no longitudes and latitudes",
        arguments: [
            #"{"type":"Point","coordinates":[500000.5,5300000,-0.25]}"#, #"{"type":"MultiPoint","coordinates":[]}"#,
            #"{"type":"LineString","coordinates":[[1,2],[1e+300,5e-324]]}"#,
            #"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]],[]]}"#,
            #"{"type":"MultiPoint","coordinates":[[1,2],[3,-0.0]]}"#,
            #"{"type":"MultiLineString","coordinates":[[[1,2,3],[4,5,6]]]}"#,
            #"{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[]]}"#,
            #"{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[0.1,0.2]},{"type":"GeometryCollection","geometries":[]}]}"#,
        ])
    func roundTrip(geoJSON: String) throws {
        var wkb: [UInt8] = []
        #expect(try JSONReader().read(Array(geoJSON.utf8)) { WKBTranscoder.append($0, to: &wkb) })
        #expect(try text(wkb) == geoJSON)
    }

    @Test("takes both byte orders, EWKB with an SRID, and measures")
    func flavours() throws {
        let one: [UInt8] = [0x3f, 0xf0, 0, 0, 0, 0, 0, 0]
        #expect(try text([0, 0, 0, 0, 1] + one + one) == #"{"type":"Point","coordinates":[1,1]}"#)
        #expect(
            try text([0, 0xa0, 0, 0, 1, 0, 0, 0x10, 0xe6] + one + one + one)
                == #"{"type":"Point","coordinates":[1,1,1]}"#)
        #expect(try text([0, 0, 0, 0x0b, 0xb9] + one + one + one + one) == #"{"type":"Point","coordinates":[1,1,1]}"#)
    }

    @Test("bytes that are cut off or changed give errors or JSON")
    func damaged() throws {
        let geometry = Geometry.geometryCollection([
            .multiPolygon([[[Position(0, 0), Position(1, 0), Position(1, 1), Position(0, 0)]]]), .point(Position(1, 2)),
        ])
        let wkb = geometry.wkb
        for count in 0..<wkb.count { #expect(throws: GeoError.self) { try text(Array(wkb.prefix(count))) } }
        #expect(throws: GeoError.self) { try text(wkb + [0]) }
        for index in wkb.indices {
            for byte in [0, 1, 0x7f, 0xff] as [UInt8] {
                var damaged = wkb
                damaged[index] = byte
                guard let text = try? text(damaged) else { continue }
                #expect(throws: Never.self) { try JSONValue(parsing: text) }
            }
        }
        var deep: [UInt8] = []
        for _ in 0..<10_000 { deep += [1, 7, 0, 0, 0, 1, 0, 0, 0] }
        #expect(throws: GeoError.self) { try text(deep) }
    }
}
