import Geo
import Testing

@Suite("Longitude ranges") struct LongitudeRangeTests {
    @Test(
        "are across the antimeridian where that is the smaller part of the Earth",
        arguments: [
            ([(0, 10)], (0, 10)), ([(-60, -50), (0, 30)], (-60, 30)), ([(170, 180), (-180, -175)], (170, -175)),
            ([(177, -178)], (177, -178)), ([(140, 141), (-171, -170)], (140, -170)), ([(-180, 180)], (-180, 180)),
            ([(-90, -80), (80, 95)], (-90, 95)), ([(-100, -90), (90, 95)], (-100, 95)),
            ([(-100, -91), (90, 95)], (90, -91)), ([(100, 101), (-100, -99), (0, 1)], (-100, 101)),
        ] as [([(Double, Double)], (Double, Double))])
    func hull(ranges: [(Double, Double)], expected: (Double, Double)) {
        for order in [ranges, ranges.reversed()] {
            var union = LongitudeRanges()
            for range in order { union.insert(LongitudeRange(west: range.0, east: range.1)) }
            #expect(union.hull == LongitudeRange(west: expected.0, east: expected.1))
        }
    }

    @Test("know their middle", arguments: [((170.0, -170.0), -180.0), ((10, 20), 15), ((175, -165), -175)])
    func middle(range: (Double, Double), expected: Double) {
        #expect(LongitudeRange(west: range.0, east: range.1).middle == expected)
    }

    @Test("of nothing there are none")
    func empty() {
        #expect(LongitudeRanges().hull == nil)
        #expect(LongitudeRange(.multiPoint([])) == nil)
    }
}
