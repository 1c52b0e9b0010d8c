import Geo
import TestKit
import Testing

@Suite("Prepared geometry") struct PreparedGeometryTests {
    /// Compares with GEOS, which `Geometry.satisfies` asks without any of the shortcuts.
    private func check(_ query: Geometry, _ items: [Geometry], all predicates: Bool = false) throws {
        let prepared = PreparedGeometry(query)
        for item in items {
            let wkb = item.normalized().wkb
            let box = try #require(PlanarBox(item.normalized()))
            let expected = item.satisfies(.intersects, query)
            let relation = prepared.relation(to: box)
            wkb.withUnsafeBytes { bytes in
                #expect(prepared.intersects(wkb: bytes, box: box) == expected, "\(item.wkt) — \(query.wkt)")
                guard predicates else { return }
                for predicate in SpatialPredicate.allCases {
                    let expected = item.satisfies(predicate, query)
                    let found = prepared.satisfies(predicate, wkb: bytes, box: box)
                    #expect(found == expected, "\(predicate) \(item.wkt) — \(query.wkt)")
                }
            }
            switch relation {
            case .disjoint: #expect(!Geometry(box).satisfies(.intersects, query), "\(box) — \(query.wkt)")
            case .covers: #expect(Geometry(box).satisfies(.within, query), "\(box) — \(query.wkt)")
            case .undecided: break
            }
        }
    }

    /// Valid ones only: GEOS leaves open what predicates mean on others.
    private func isValid(_ geometry: Geometry) -> Bool { geometry.isValid }

    @Test("agrees with GEOS on areas of any size", arguments: [nil, 1, 0.5, 0.25])
    func areas(step: Double?) throws {
        var make = RandomGeometry(seed: 1 + UInt64((step ?? 0) * 8), step: step)
        var count = 0
        while count < TestRounds.count(100) {
            let centre = Position(make.number(-20...20), make.number(-20...20))
            let query = make.area(centre, .random(in: 0.5...8, using: &make.random))
            guard isValid(query) else { continue }
            count += 1
            var items: [Geometry] = []
            while items.count < 40 {
                let place = make.position(centre, 8)
                let item = make.area(place, .random(in: 0.3...4, using: &make.random), corners: 3...12)
                if isValid(item) { items.append(item) }
            }
            // Single cases, as queries have them: the query itself, its box, its corners.
            items.append(query)
            if let box = PlanarBox(query) { items.append(Geometry(box)) }
            query.forEachPosition { items.append(.point($0)) }
            try check(query, items)
        }
    }

    @Test("agrees with GEOS on every predicate and type", arguments: [nil, 1, 0.5])
    func predicates(step: Double?) throws {
        var make = RandomGeometry(seed: 77 + UInt64((step ?? 0) * 8), step: step)
        var count = 0
        while count < 120 {
            let centre = Position(make.number(-20...20), make.number(-20...20))
            let query = make.any(centre, .random(in: 1...4, using: &make.random))
            guard isValid(query) else { continue }
            count += 1
            var items = [query]
            while items.count < 25 {
                let item = make.any(make.position(centre, 4), .random(in: 0.5...3, using: &make.random))
                if isValid(item) { items.append(item) }
            }
            try check(query, items, all: true)
        }
    }

    @Test("agrees with GEOS where the antimeridian lies between")
    func antimeridian() throws {
        var make = RandomGeometry(seed: 5, step: 0.5)
        var count = 0
        while count < 150 {
            let query = make.area(Position(make.number(175...185), make.number(-20...20)), 6)
            guard isValid(query.normalized()) else { continue }
            count += 1
            var items: [Geometry] = []
            while items.count < 30 {
                let item = make.area(make.position(Position(180, 0), 20), 4, corners: 3...10)
                if isValid(item.normalized()) { items.append(item) }
            }
            try check(query, items)
        }
    }

    @Test("keeps a query over the antimeridian from becoming a box round the globe")
    func envelopes() throws {
        let prepared = PreparedGeometry(Geometry(try BoundingBox([170, -10, -170, 10])))
        #expect(prepared.envelopes.count == 2)
        #expect(prepared.relation(to: PlanarBox(minX: -10, minY: -1, maxX: 10, maxY: 1)) == .disjoint)
        #expect(prepared.relation(to: PlanarBox(minX: -175, minY: -1, maxX: -174, maxY: 1)) == .covers)
        #expect(prepared.relation(to: PlanarBox(minX: 160, minY: -1, maxX: 174, maxY: 1)) == .undecided)
    }

    @Test("decides most boxes by its grid")
    func grid() throws {
        let prepared = PreparedGeometry(
            try Geometry(wkt: "POLYGON ((0 0, 20 -5, 30 10, 25 30, 5 25, 0 0), (10 10, 15 10, 12 15, 10 10))"))
        #expect(prepared.relation(to: PlanarBox(minX: 20, minY: 10, maxX: 21, maxY: 11)) == .covers)
        #expect(prepared.relation(to: PlanarBox(minX: 11.9, minY: 11, maxX: 12.1, maxY: 12)) == .disjoint)
        #expect(prepared.relation(to: PlanarBox(minX: 1, minY: 20, maxX: 2, maxY: 21)) == .disjoint)
        #expect(prepared.relation(to: PlanarBox(minX: 9, minY: 9, maxX: 16, maxY: 16)) == .undecided)
        #expect(prepared.relation(to: PlanarBox(minX: .nan, minY: 9, maxX: 16, maxY: 16)) == .disjoint)
    }

    @Test("finds nothing with an empty query, and no empty footprint")
    func empty() throws {
        let box = PlanarBox(minX: -180, minY: -90, maxX: 180, maxY: 90)
        let world = Geometry(box)
        for text in ["POLYGON EMPTY", "POINT EMPTY", "GEOMETRYCOLLECTION EMPTY", "MULTIPOLYGON EMPTY"] {
            let empty = try Geometry(wkt: text)
            #expect(PreparedGeometry(empty).relation(to: box) == .disjoint)
            world.wkb.withUnsafeBytes { bytes in
                #expect(!PreparedGeometry(empty).intersects(wkb: bytes, box: box))
                #expect(PreparedGeometry(empty).satisfies(.disjoint, wkb: bytes, box: box))
            }
            empty.wkb.withUnsafeBytes { bytes in
                #expect(!PreparedGeometry(world).intersects(wkb: bytes, box: box))
            }
        }
    }

    @Test("repairs queries whose rings cross or whose parts overlap")
    func invalid() throws {
        let bowTie = PreparedGeometry(try Geometry(wkt: "POLYGON ((0 0, 4 4, 4 0, 0 4, 0 0))"))
        let overlapping = PreparedGeometry(
            try Geometry(wkt: "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 3, 0 0)), ((2 2, 6 2, 6 7, 2 6, 2 2)))"))
        func finds(_ prepared: PreparedGeometry, _ x: Double, _ y: Double) -> Bool {
            let box = PlanarBox(minX: x, minY: y, maxX: x, maxY: y)
            return Geometry(box).wkb.withUnsafeBytes { prepared.intersects(wkb: $0, box: box) }
        }
        #expect(finds(bowTie, 0.5, 1) && finds(bowTie, 3.5, 1) && !finds(bowTie, 2, 1))
        #expect(finds(overlapping, 3, 3) && finds(overlapping, 1, 1) && finds(overlapping, 5, 5))
    }

    @Test("survives footprints of broken bytes")
    func hostile() throws {
        let queries = try [
            "POLYGON ((0 0, 20 -5, 30 10, 25 30, 5 25, 0 0))", "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0))", "POINT (1 1)",
        ].map { PreparedGeometry(try Geometry(wkt: $0)) }
        let box = PlanarBox(minX: -180, minY: -90, maxX: 180, maxY: 90)
        for text in WKBTests.texts {
            let bytes = try Geometry(wkt: text).wkb
            for index in bytes.indices {
                var changes = [Array(bytes.prefix(index))]
                for bit in 0..<8 {
                    changes.append(bytes)
                    changes[bit + 1][index] ^= 1 << bit
                }
                for change in changes {
                    for query in queries {
                        change.withUnsafeBytes { _ = query.satisfies(.intersects, wkb: $0, box: box) }
                    }
                }
            }
        }
    }
}
