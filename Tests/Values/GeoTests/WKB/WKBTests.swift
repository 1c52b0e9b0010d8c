import Geo
import Testing

@Suite("WKB") struct WKBTests {
    static let texts = [
        "POINT (1 2)", "POINT Z (1 2 3)", "POINT EMPTY", "LINESTRING (0 0, 1.5 2)", "LINESTRING EMPTY",
        "POLYGON ((0 0, 4 0, 4 4, 0 0), (1 1, 2 1, 2 2, 1 1))", "POLYGON EMPTY", "MULTIPOINT ((0 0), (1 2))",
        "MULTILINESTRING ((0 0, 1 2), (3 3, 4 4))",
        "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 0)), ((5 5, 6 5, 6 6, 5 5)))",
        "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (0 0, 1 1))", "GEOMETRYCOLLECTION Z (POINT Z (1 2 3))",
    ]

    @Test("comes out as it went in", arguments: texts)
    func roundTrip(text: String) throws {
        let geometry = try Geometry(wkt: text)
        #expect(try Geometry(wkb: geometry.wkb) == geometry)
    }

    @Test(
        "is read in either byte order, with ISO and EWKB flags",
        arguments: [
            ("0000000001 3ff0000000000000 4000000000000000", "POINT (1 2)"),
            ("00000003e9 3ff0000000000000 4000000000000000 4008000000000000", "POINT Z (1 2 3)"),
            ("0080000001 3ff0000000000000 4000000000000000 4008000000000000", "POINT Z (1 2 3)"),
            ("0020000001 000010e6 3ff0000000000000 4000000000000000", "POINT (1 2)"),
            ("00000007d1 3ff0000000000000 4000000000000000 4008000000000000", "POINT (1 2)"),
            ("0101000000 000000000000f03f 0000000000000040", "POINT (1 2)"),
        ])
    func flavours(hex: String, expected: String) throws {
        let digits = hex.filter { $0 != " " }.compactMap(\.hexDigitValue)
        let bytes = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
        #expect(try Geometry(wkb: bytes).wkt == expected)
    }

    @Test("rejects every truncation", arguments: texts)
    func truncation(text: String) throws {
        let bytes = try Geometry(wkt: text).wkb
        for count in 0..<bytes.count {
            #expect(throws: GeoError.self) { try Geometry(wkb: Array(bytes.prefix(count))) }
        }
    }

    @Test("rejects counts beyond the bytes without taking memory for them")
    func hostileCount() throws {
        let bytes: [UInt8] = [1, 3, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]
        let error = try #require(throws: GeoError.self) { try Geometry(wkb: bytes) }
        #expect(error.reason == .unexpectedEnd)
    }

    @Test("survives any flipped bit", arguments: texts)
    func bitFlips(text: String) throws {
        let bytes = try Geometry(wkt: text).wkb
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << bit
                // Rejected, or a geometry that can be written again.
                if let geometry = try? Geometry(wkb: changed) { _ = geometry.wkb }
            }
        }
    }
}
