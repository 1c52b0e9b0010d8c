import ItemSimulation
import JSON
import Temporal

/// `sentinel-1-grd`: slices of 25 seconds of flight, of passes in either direction.
struct Sentinel1GRD: DemoSeries {
    let id = "sentinel-1-grd"
    private(set) var scenes: [Scene] = []

    var sceneCount: Int { scenes.count }

    struct Scene: Sendable {
        let satellite: Satellite
        let orbit: Int
        let isAscending: Bool
        let mode: Mode
        /// Number within the datatake, from 1.
        let slice: Int
        /// Slices of the datatake.
        let sliceCount: Int
        /// Arguments of latitude at the slice's start and end.
        let arguments: ClosedRange<Double>
        let start, end: Timestamp
    }

    /// How the instrument scans.
    enum Mode: String, Sendable {
        case interferometricWide = "IW"
        case stripmap = "SM"

        /// Distances over ground from the track to the swath's near and far edge, in kilometres.
        var swath: (near: Double, far: Double) {
            switch self {
            case .interferometricWide: (367, 629)
            case .stripmap: (458, 538)
            }
        }
    }

    static let sliceSeconds = 25.0

    /// Where more than Central Europe is observed.
    ///
    /// On the evening of 28 March 2020 Sentinel-1B passed Portugal and Iceland; users' notebooks search for exactly
    /// that hour in mode IW (`sentinel-1-slide-filter.json`), in which no satellite passes Central Europe.
    static let campaigns: [(campaign: Campaign, mode: Mode?)] = [
        (.centralEurope, nil),
        (
            Campaign(
                west: -11, south: 37, east: -6, north: 43, from: "2020-03-28T18:05:46Z", to: "2020-03-28T20:06:15Z"),
            .interferometricWide
        ),
        (
            Campaign(
                west: -25, south: 63.2, east: -13, north: 65.5, from: "2020-03-28T18:05:46Z", to: "2020-03-28T20:06:15Z"
            ),
            .stripmap
        ),
    ]

    /// Sentinel-1B's last data: its power supply failed on 23 December 2021.
    private static let lastOfB = Timestamp("2021-12-23T06:53:00Z")!

    init() {
        for (campaign, mode) in Self.campaigns {
            for satellite in [Satellite.sentinel1A, .sentinel1B] {
                for ascending in [true, false] { plan(campaign, mode, satellite, ascending) }
            }
        }
        scenes.sort { ($0.start, $0.orbit) < ($1.start, $1.orbit) }
    }

    private mutating func plan(_ campaign: Campaign, _ mode: Mode?, _ satellite: Satellite, _ ascending: Bool) {
        let orbits = satellite.orbit
        // The swath lies beside the track, a little further north or south.
        let latitudes = [campaign.south - 2.5, campaign.north + 2.5]
        let arguments = latitudes.map { orbits.argument(latitude: $0, ascending: ascending) }
        let step = Self.sliceSeconds / orbits.periodSeconds * 360
        var orbit = orbits.firstOrbit(from: campaign.start) - 1
        while orbits.nodeTime(orbit: orbit) < campaign.end {
            defer { orbit += 1 }
            let relative = satellite.relativeOrbit(orbit)
            // Slices of one relative orbit always start at the same positions.
            var fixed = SplitMix64(seed: 0x5131, relative, ascending ? 1 : 0)
            var random = SplitMix64(seed: 0x5132, orbit, ascending ? 1 : 0)
            let drawn: Mode = random.unit() < 0.02 ? .stripmap : .interferometricWide
            let start = arguments.min()! + fixed.unit() * step
            let total = 6 + fixed.integer(below: 12)
            var slice = 0
            for argument in stride(from: start, to: arguments.max()!, by: step) {
                slice += 1
                let scene = Scene(
                    satellite: satellite, orbit: orbit, isAscending: ascending, mode: mode ?? drawn, slice: slice,
                    sliceCount: max(total, slice), arguments: argument...argument + step,
                    start: Self.time(satellite, orbit, argument), end: Self.time(satellite, orbit, argument + step))
                let centre = Self.position(scene, argument + step / 2, 498)
                guard campaign.contains(longitude: centre.longitude, latitude: centre.latitude),
                    campaign.start <= scene.start, scene.end < campaign.end,
                    satellite.letter == "A" || scene.end < Self.lastOfB
                else { continue }
                scenes.append(scene)
            }
        }
    }

    private static func time(_ satellite: Satellite, _ orbit: Int, _ argument: Double) -> Timestamp {
        // Whole milliseconds leave no room for differences between mathematical libraries; the rest is drawn.
        let milliseconds = (argument / 360 * satellite.orbit.periodSeconds * 1_000).rounded()
        let node = satellite.orbit.nodeTime(orbit: orbit).microseconds / 1_000
        var random = SplitMix64(seed: 0x5133, orbit, Int(milliseconds))
        return Timestamp(microseconds: (node + Int64(milliseconds)) * 1_000 + Int64(random.integer(below: 1_000)))
    }

    /// A point on the ground, to the right of the track.
    private static func position(
        _ scene: Scene, _ argument: Double, _ kilometres: Double
    ) -> (longitude: Double, latitude: Double) {
        let orbit = scene.satellite.orbit
        let point = orbit.point(argument: argument)
        return destination(
            longitude: orbit.nodeLongitude(orbit: scene.orbit) + point.longitudeOffset, latitude: point.latitude,
            bearing: orbit.heading(argument: argument) + 90, kilometres: kilometres)
    }

    func footprint(_ scene: Scene) -> Footprint {
        let (near, far) = scene.mode.swath
        let (first, last) = (scene.arguments.lowerBound, scene.arguments.upperBound)
        var footprint = Footprint()
        for (argument, distance) in [(first, near), (first, far), (last, far), (last, near)] {
            let point = Self.position(scene, argument, distance)
            footprint.append(.init(longitude: point.longitude, latitude: point.latitude))
        }
        return footprint
    }
}
