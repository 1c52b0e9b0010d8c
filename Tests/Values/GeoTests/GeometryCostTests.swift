import Geo
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Areas to search with.
private enum Sample {
    /// A star whose edges all cross.
    static func star(_ count: Int) -> [Position] {
        (0...count).map { place in
            let angle = 2 * Double.pi * Double(place % count * (count / 2) % count) / Double(count)
            return Position(10 + 5 * cos(angle), 45 + 5 * sin(angle))
        }
    }

    /// A ring around a centre whose radius goes up and down.
    static func coast(_ count: Int, _ centre: Position = Position(10, 45)) -> [Position] {
        (0...count).map { place in
            let angle = 2 * Double.pi * Double(place % count) / Double(count)
            let radius = 5 + (place % count).isMultiple(of: 2).number * 0.5
            return Position(centre.x + radius * cos(angle), centre.y + radius * sin(angle))
        }
    }

    static func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> [Position] {
        [
            Position(x, y), Position(x + width, y), Position(x + width, y + height), Position(x, y + height),
            Position(x, y),
        ]
    }

    /// Real query areas, also slightly wrong ones.
    static let cheap: [(String, Geometry)] = [
        ("a coast", .polygon([coast(19_000)])),
        ("a coast with a loop", .polygon([coast(10_000).dropLast() + star(11)[...] + coast(10_000).prefix(1)])),
        (
            "neighbours that share their border",
            .multiPolygon((0..<60).flatMap { x in (0..<60).map { y in [rectangle(Double(x), Double(y), 1, 1)] } })
        ),
        ("an orbit", .lineString((0..<15_000).map { Position(Double($0) * 0.4 - 180, 80 * sin(Double($0) / 40)) })),
        ("points", .multiPoint((0..<20_000).map { Position(Double($0 % 360) - 180, Double($0 / 360) - 60) })),
        ("a star of few edges", .polygon([star(101)])),
    ]

    static let costly: [(String, Geometry)] = [
        ("a star", .polygon([star(2_003)])), ("a star as a line", .lineString(star(2_003))),
        ("stars", .geometryCollection([.multiPolygon([[star(401)]]), .multiLineString([star(401)])])),
        (
            "a ring traced often",
            .polygon([(0..<4_000).flatMap { _ in rectangle(0, 0, 1, 1).dropLast() } + [Position(0, 0)]])
        ),
        (
            "two gratings, one across the other",
            .multiPolygon(
                (0..<120).flatMap { place in
                    let shift = Double(place) / 2
                    return [[rectangle(0, shift, 60, 0.1)], [rectangle(shift, 0, 0.1, 60)]]
                })
        ),
    ]
}

@Suite("What a geometry costs") struct GeometryCostTests {
    @Test("is bearable for areas that people search with", arguments: Sample.cheap.map(\.0))
    func cheap(name: String) throws {
        let geometry = try #require(Sample.cheap.first { $0.0 == name }?.1)
        try geometry.check(GeometryLimits())
    }

    @Test("is unbearable where edges cross too often", arguments: Sample.costly.map(\.0))
    func costly(name: String) throws {
        let geometry = try #require(Sample.costly.first { $0.0 == name }?.1)
        let error = try #require(throws: GeoError.self) { try geometry.check(GeometryLimits()) }
        guard case .tooManyCrossings(let limit, let longitude, let latitude) = error.reason else {
            Issue.record("\(error)")
            return
        }
        let box = try #require(PlanarBox(geometry))
        #expect(limit == GeometryLimits().crossingCount)
        #expect(box.minX...box.maxX ~= longitude && box.minY...box.maxY ~= latitude)
        #expect("\(error)".contains("cross each other more than 10000 times, first near ["))
    }

    @Test("counts crossings exactly", arguments: [5, 11, 51, 101])
    func count(points: Int) throws {
        // Each edge of such a star crosses all but itself and its two neighbours.
        let crossings = points * (points - 3) / 2
        var limits = GeometryLimits()
        limits.crossingCount = crossings
        try Geometry.polygon([Sample.star(points)]).check(limits)
        limits.crossingCount = crossings - 1
        #expect(throws: GeoError.self) { try Geometry.polygon([Sample.star(points)]).check(limits) }
    }

    @Test("is limited by positions")
    func positions() {
        let geometry = Geometry.multiPoint(Array(repeating: Position(1, 2), count: 20_001))
        #expect(throws: GeoError(.tooManyPositions(20_001, limit: 20_000), at: .path(""))) {
            try geometry.check(GeometryLimits())
        }
    }

    @Test("is bounded where long edges lie close together")
    func entangled() throws {
        // Diagonal teeth: along both axes all of them overlap.
        let teeth = (0..<19_999).map { place in
            let shift = Double(place) / 1_000
            return place.isMultiple(of: 2) ? Position(shift, -shift) : Position(40 + shift, 40 - shift)
        }
        let error = try #require(throws: GeoError.self) { try Geometry.lineString(teeth).check(GeometryLimits()) }
        #expect(error.reason == .tooEntangled)
    }
}

@Suite("Interruption") struct InterruptionTests {
    private static let star = Geometry.polygon([Sample.star(4_003)])

    @Test("ends work that would take minutes and gigabytes")
    func ends() {
        let start = ContinuousClock.now
        Interruption.when({ ContinuousClock.now - start > .milliseconds(50) }) {
            _ = PreparedGeometry(Self.star)
            _ = Self.star.satisfies(.overlaps, Self.star)
            #expect(Interruption.isRequested)
        }
        #expect(ContinuousClock.now - start < .seconds(60))
        #expect(!Interruption.isRequested)
    }

    @Test("concerns its own thread alone, and only its body")
    func isOfOneThread() async {
        let bowTie = Geometry.polygon([
            [Position(0, 0), Position(2, 2), Position(2, 0), Position(0, 2), Position(0, 0)]
        ])
        let point = Geometry.point(Position(1.9, 1))
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<8 {
                group.addTask {
                    (0..<50).allSatisfy { _ in
                        guard number.isMultiple(of: 2) else { return bowTie.satisfies(.intersects, point) }
                        return Interruption.when({ true }) {
                            _ = bowTie.satisfies(.intersects, point)
                            return Interruption.isRequested
                        }
                    }
                }
            }
            for await isRight in group { #expect(isRight) }
        }
        Interruption.when({ true }) {
            Interruption.when({ false }) { #expect(bowTie.satisfies(.intersects, point)) }
            #expect(Interruption.isRequested)
        }
        #expect(bowTie.satisfies(.intersects, point))
    }
}

extension Bool {
    fileprivate var number: Double { self ? 1 : 0 }
}
