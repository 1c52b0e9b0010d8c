import Geo
import TestKit
import Testing

@Suite("Normalised geometry") struct NormalizationTests {
    @Test(
        "stays as it is where nothing crosses",
        arguments: [
            "POINT (180 1)", "POLYGON ((-180 -90, 180 -90, 180 90, -180 90, -180 -90))",
            "POLYGON ((-170 0, 170 0, 170 1, -170 1, -170 0))", "LINESTRING (-180 0, 180 0)",
            "POLYGON ((-180 60, 0 60, 180 60, 180 90, -180 90, -180 60))",
            "POLYGON ((0 0, 4 0, 4 4, 0 0), (1 1, 2 1, 2 2, 1 1))", "POLYGON EMPTY", "POINT EMPTY",
        ])
    func stays(wkt: String) throws {
        #expect(try Geometry(wkt: wkt).normalized().wkt == wkt)
    }

    @Test(
        "is cut where edges cross the antimeridian or longitudes go beyond it",
        arguments: [
            ("POINT (190 1)", "POINT (-170 1)"), ("POINT (-540 1)", "POINT (-180 1)"),
            ("MULTIPOINT ((190 1), (-190 1))", "MULTIPOINT ((-170 1), (170 1))"),
            ("LINESTRING (170 0, -170 2)", "MULTILINESTRING ((170 0, 180 1), (-180 1, -170 2))"),
            ("LINESTRING (170 0, 190 2)", "MULTILINESTRING ((170 0, 180 1), (-180 1, -170 2))"),
            ("LINESTRING (-170 0, 170 2)", "MULTILINESTRING ((-170 0, -180 1), (180 1, 170 2))"),
            ("LINESTRING (170 0, 180 1, 180 2, 190 3)", "MULTILINESTRING ((170 0, 180 1, 180 2), (-180 2, -170 3))"),
            ("LINESTRING (190 0, 200 0)", "LINESTRING (-170 0, -160 0)"),
            ("POLYGON ((190 0, 200 0, 200 1, 190 0))", "POLYGON ((-170 0, -160 0, -160 1, -170 0))"),
            // A skewed footprint, and the same one turned round.
            (
                "POLYGON ((178 0, -179 1, -178 4, 179 3, 178 0))",
                """
                MULTIPOLYGON (((180 3.3333333333333335, 179 3, 178 0, 180 0.6666666666666666, 180 3.3333333333333335)), \
                ((-180 0.6666666666666666, -179 1, -178 4, -180 3.3333333333333335, -180 0.6666666666666666)))
                """
            ),
            // Touches the antimeridian with a corner, with an edge.
            ("POLYGON ((178 0, -180 1, 178 2, 178 0))", "POLYGON ((178 0, 180 1, 178 2, 178 0))"),
            (
                "POLYGON ((178 0, -180 0, -180 2, 178 3, 178 0))", "POLYGON ((178 0, 180 0, 180 2, 178 3, 178 0))"
            ),
            // A wide rectangle of longitudes beyond 180 is planar, then cut.
            (
                "POLYGON ((0 0, 360 0, 360 1, 0 1, 0 0))",
                "MULTIPOLYGON (((180 1, 0 1, 0 0, 180 0, 180 1)), ((-180 0, 0 0, 0 1, -180 1, -180 0)))"
            ),
        ])
    func cut(wkt: String, expected: String) throws {
        #expect(try Geometry(wkt: wkt).normalized().wkt == expected)
    }

    @Test(
        "gets the pole's edge where a ring goes round a pole",
        arguments: [
            (
                "POLYGON ((-135 60, -45 61, 45 62, 135 63, -135 60))",
                "POLYGON ((-180 61.5, -135 60, -45 61, 45 62, 135 63, 180 61.5, 180 90, -180 90, -180 61.5))"
            ),
            // The other way round, and in the south.
            (
                "POLYGON ((135 -63, 45 -62, -45 -61, -135 -60, 135 -63))",
                "POLYGON ((-180 -61.5, -135 -60, -45 -61, 45 -62, 135 -63, 180 -61.5, 180 -90, -180 -90, -180 -61.5))"
            ),
            // A position on the antimeridian.
            (
                "POLYGON ((0 60, 120 60, 180 65, -120 60, 0 60))",
                "POLYGON ((-180 65, -120 60, 0 60, 120 60, 180 65, 180 90, -180 90, -180 65))"
            ),
        ])
    func poles(wkt: String, expected: String) throws {
        #expect(try Geometry(wkt: wkt).normalized().wkt == expected)
    }

    @Test(
        "180 and -180 are one meridian",
        arguments: [
            (
                "POLYGON ((170 10, 180 10, -180 12, 170 12, 170 10))",
                "POLYGON ((170 10, 180 10, 180 12, 170 12, 170 10))"
            ),
            (
                "POLYGON ((166 77, 180 78, -180 81, 162 81, 166 77))",
                "POLYGON ((166 77, 180 78, 180 81, 162 81, 166 77))"
            ),
            (
                "POLYGON ((-170 10, -170 12, 180 12, -180 10, -170 10))",
                "POLYGON ((-170 10, -170 12, -180 12, -180 10, -170 10))"
            ),
            // Rounding errors beside the antimeridian are none.
            (
                "POLYGON ((-176 -18, -173 -14, -176 -12, 179.99999999999997 -15, -176 -18))",
                "POLYGON ((-176 -18, -173 -14, -176 -12, -180 -15, -176 -18))"
            ),
            ("POLYGON ((170 0, 180.00000000001 0, 175 5, 170 0))", "POLYGON ((170 0, 180 0, 175 5, 170 0))"),
            ("LINESTRING (170 0, 180 1, -180 1, -170 2)", "MULTILINESTRING ((170 0, 180 1, 180 1), (-180 1, -170 2))"),
        ])
    func oneMeridian(wkt: String, expected: String) throws {
        #expect(try Geometry(wkt: wkt).normalized().wkt == expected)
    }

    @Test("positions of both signs on the antimeridian cut a footprint in two")
    func bothSigns() throws {
        let footprint = try Geometry(
            wkt: "POLYGON ((170 10, 180 10, -180 10, -170 10, -170 12, -180 12, 180 12, 170 12, 170 10))")
        guard case .multiPolygon(let parts) = footprint.normalized() else {
            Issue.record("\(footprint.normalized().wkt)")
            return
        }
        #expect(Set(parts.compactMap { PlanarBox(.polygon($0))?.minX }) == [170, -180])
    }

    @Test(
        "stays as it is where only so it closes: bands, caps and the whole Earth",
        arguments: [
            "POLYGON ((-180 40, 180 40, 180 50, -180 50, -180 40))",
            "POLYGON ((-180 40, 0 40, 180 40, 180 50, -180 50, -180 40))",
            "POLYGON ((-180 -90, 180 -90, 180 90, 0 90, -180 90, -180 -90))",
            "POLYGON ((-180 -10, 180 -10, 180 10, 0 20, -180 10, -180 -10))",
        ])
    func bands(wkt: String) throws {
        #expect(try Geometry(wkt: wkt).normalized().wkt == wkt)
    }

    static let crossing = "POLYGON ((179 0, -179 0, -179 1, 179 1, 179 0))"

    @Test(
        "a wide rectangle crosses the antimeridian where the box does; without one, where it winds clockwise on the map",
        arguments: [
            (crossing, nil, true), ("POLYGON ((179 0, 179 1, -179 1, -179 0, 179 0))", nil, false),
            (crossing, [179, 0, -179, 1], true), (crossing, [-179, 0, 179, 1], false),
            ("POLYGON ((179 0, 179 1, -179 1, -179 0, 179 0))", [179, 0, -179, 1], true),
            ("POLYGON ((-179 -85, 179 -85, 179 85, -179 85, -179 -85))", nil, false),
            // 180 in the ring is -180 in the box.
            ("POLYGON ((-180 0, 170 0, 170 1, -180 1, -180 0))", [170, 0, 180, 1], true),
            ("POLYGON ((-180 0, 170 0, 170 1, -180 1, -180 0))", [170, 0, -180, 1], true),
            ("POLYGON ((-180 0, 170 0, 170 1, -180 1, -180 0))", [-180, 0, 170, 1], false),
            ("POLYGON ((-100 0, 100 0, 100 1, -100 1, -100 0))", [100, 0, -100, 1], true),
        ] as [(String, [Double]?, Bool)])
    func wideRectangles(wkt: String, bbox: [Double]?, crosses: Bool) throws {
        let box = try bbox.map { try BoundingBox($0) }
        let normalized = try Geometry(wkt: wkt).normalized(in: box)
        let middle = Geometry.point(Position(0, 0.5))
        #expect(middle.satisfies(.disjoint, normalized) == crosses, "\(normalized.wkt)")
        // Read again, without the box, it is the same.
        #expect(normalized.normalized() == normalized)
    }

    @Test("the box says which pole a ring goes round")
    func poleOfBox() throws {
        let ring = try Geometry(wkt: "POLYGON ((-135 60, -45 60, 45 60, 135 60, -135 60))")
        let south = Geometry.point(Position(0, 0))
        #expect(south.satisfies(.within, ring.normalized(in: try BoundingBox([-180, -90, 180, 60]))))
        #expect(south.satisfies(.disjoint, ring.normalized(in: try BoundingBox([-180, 60, 180, 90]))))
        #expect(south.satisfies(.disjoint, ring.normalized(in: try BoundingBox([-180, 60, 180, 61]))))
    }

    @Test("holes that are rectangles are read as the ring around them")
    func rectangularHoles() throws {
        for hole in ["(175 45, 175 55, -175 55, -175 45, 175 45)", "(175 45, -175 45, -175 55, 175 55, 175 45)"] {
            let footprint = try Geometry(wkt: "POLYGON ((170 40, -170 40, -170 60, 170 60, 170 40), \(hole))")
            for (x, isInside) in [(172.0, true), (-172, true), (178, false), (-178, false), (0, false)] {
                #expect(Geometry.point(Position(x, 50)).satisfies(.within, footprint) == isInside, "\(hole) \(x)")
            }
        }
    }

    @Test("normalised once more it stays the same", arguments: TestRounds.seeds(300))
    func idempotent(seed: Int) throws {
        var random = RandomGeometry(seed: UInt64(seed), step: seed % 2 == 0 ? 10 : nil)
        let centre = Position(random.number(-200...200), random.number(-60...60))
        let normalized = random.area(centre, random.number(1...25)).normalized()
        #expect(normalized.normalized() == normalized, "\(random.random)")
    }

    @Test("latitudes up to half a degree beyond a pole are the pole's")
    func beyondPoles() throws {
        let wkt = "POLYGON ((0 89, 1 89, 1 90.125, 0 90.5, 0 89))"
        #expect(try Geometry(wkt: wkt).wkt == "POLYGON ((0 89, 1 89, 1 90, 0 90, 0 89))")
        #expect(throws: GeoError.self) { try Geometry(wkt: "POINT (0 90.6)") }
        let box = try BoundingBox([-180.25, -90.25, 180.25, 90.25])
        #expect([box.west, box.south, box.east, box.north] == [-180, -90, 180, 90])
        #expect(throws: GeoError.self) { try BoundingBox([0, 0, 1, 90.6]) }
    }

    @Test("keeps holes: inside a part, across the antimeridian, round a pole")
    func holes() throws {
        let footprint = try Geometry(
            wkt: """
                POLYGON ((170 -10.5, -170 -10, -170 10, 170 10, 170 -10.5), (172 0, 174 0, 174 1, 172 0),
                (-174 0, -172 0, -172 1, -174 0), (179 4, -179 4, -179 6, 179 6.5, 179 4))
                """)
        let cap = try Geometry(
            wkt: "POLYGON ((-135 60, -45 60, 45 60, 135 61, -135 60), (-135 80, -45 80, 45 80, 135 81, -135 80))")
        func holds(_ geometry: Geometry, _ x: Double, _ y: Double) -> Bool {
            Geometry.point(Position(x, y)).satisfies(.within, geometry)
        }
        for (x, y) in [(175.0, 5.0), (-175, 5), (171, 0), (-171, 0), (179.5, 0), (-179.5, 0)] {
            #expect(holds(footprint, x, y), "\(x) \(y)")
        }
        for (x, y) in [(173.5, 0.5), (-172.5, 0.5), (179.5, 5), (-179.5, 5), (0, 0), (180, 5)] {
            #expect(!holds(footprint, x, y), "\(x) \(y)")
        }
        #expect(holds(cap, 179, 70) && holds(cap, 0, 70))
        #expect(!holds(cap, 179, 89) && !holds(cap, 0, 85) && !holds(cap, 0, 50))
    }

    @Test("cuts a concave footprint into as many parts as there are")
    func concave() throws {
        // An E whose three bars reach over the antimeridian.
        let footprint = try Geometry(
            wkt: """
                POLYGON ((175 0, -175 0, -175 1, 176 1, 176 2, -175 2, -175 3, 176 3, 176 4, -175 4, -175 5, 175 5, 175 0))
                """)
        guard case .multiPolygon(let parts) = footprint.normalized() else {
            Issue.record("not cut")
            return
        }
        #expect(parts.count == 4)
        for y in [0.5, 2.5, 4.5] {
            #expect(Geometry.point(Position(-176, y)).satisfies(.within, footprint))
            #expect(Geometry.point(Position(179, y)).satisfies(.within, footprint))
        }
        for y in [1.5, 3.5] { #expect(Geometry.point(Position(-176, y)).satisfies(.disjoint, footprint)) }
    }

    @Test("stays bounded for longitudes that nobody means")
    func hostileLongitudes() throws {
        let footprint = try Geometry(wkt: "POLYGON ((0 0, 1e300 0, 1e9 1, -1e18 4, 0 0))")
        let box = try #require(PlanarBox(footprint.normalized()))
        #expect(box.minX >= -180 && box.maxX <= 180)
    }
}
