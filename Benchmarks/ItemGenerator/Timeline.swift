import ItemSimulation
import Temporal

/// One descent's continuous recording.
struct Datatake: Sendable {
    /// Microseconds since 1970: when it began.
    let time: Int64
    let satellite: Int
    let orbit: Int
    /// From 1.
    let relativeOrbit: Int
    /// The views of its relative orbit that it covers.
    let views: Range<Int>
}

/// Every datatake of both satellites over land, in order of time.
struct Timeline: Sendable {
    static let satellites = [Satellite.sentinel2A, .sentinel2B]
    /// All that there is.
    static let period = Timestamp("2017-01-01T00:00:00Z")!..<Timestamp("2024-04-01T00:00:00Z")!
    /// When the second satellite took up its duty.
    private static let startOfB = Timestamp("2017-07-01T00:00:00Z")!
    /// The sun must not stand lower at noon, in degrees.
    private static let lowestSun = 8.0

    let datatakes: [Datatake]

    init(_ world: World, during period: Range<Timestamp> = period) {
        let ranges = world.views.map(Self.segmentRanges)
        var datatakes: [Datatake] = []
        for (number, satellite) in Self.satellites.enumerated() {
            let start = number == 0 ? period.lowerBound : max(period.lowerBound, Self.startOfB)
            var orbit = satellite.orbit.firstOrbit(from: start)
            while satellite.orbit.nodeTime(orbit: orbit) < period.upperBound {
                let relative = satellite.relativeOrbit(orbit)
                for (segment, views) in ranges[relative - 1].enumerated() where !views.isEmpty {
                    let latitude = World.firstLatitude(segment: segment, relativeOrbit: relative)
                    let time = Self.passes(satellite, orbit, latitude: latitude).microseconds + 24_000
                    guard time < period.upperBound.microseconds else { continue }
                    datatakes.append(
                        Datatake(
                            time: time, satellite: number, orbit: orbit, relativeOrbit: relative, views: views))
                }
                orbit += 1
            }
        }
        self.datatakes = datatakes.sorted { ($0.time, $0.satellite) < ($1.time, $1.satellite) }
    }

    /// The views of a relative orbit lie from north to south, hence by segment.
    private static func segmentRanges(_ views: [World.View]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var from = 0
        for segment in 0..<World.segmentCount {
            let to = views[from...].firstIndex { $0.segment > segment } ?? views.count
            ranges.append(from..<to)
            from = to
        }
        return ranges
    }

    /// When the satellite passes a latitude on its descent, in whole seconds.
    static func passes(_ satellite: Satellite, _ orbit: Int, latitude: Double) -> Timestamp {
        let point = satellite.orbit.point(argument: satellite.orbit.argument(latitude: latitude, ascending: false))
        let node = satellite.orbit.nodeTime(orbit: orbit).microseconds
        return Timestamp(microseconds: (node + Int64(point.seconds * 1_000_000)) / 1_000_000 * 1_000_000)
    }

    /// The latitudes at which the sun stands high enough for images; `days` since 1970-01-01.
    static func sunlit(days: Double) -> ClosedRange<Double> {
        let declination = SunPosition.declination(days: days)
        return declination - (90 - lowestSun)...declination + (90 - lowestSun)
    }
}
