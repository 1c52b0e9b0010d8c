import ItemSimulation
import JSON
import Temporal

/// `landsat-ot-c2-l2`: the scenes of the Worldwide Reference System that have their centre in Central Europe.
struct LandsatOT: DemoSeries {
    let id = "landsat-ot-c2-l2"
    private(set) var scenes: [Scene] = []

    var sceneCount: Int { scenes.count }

    struct Scene: Sendable {
        let satellite: Satellite
        let path, row: Int
        let nodeLongitude: Double
        let time: Timestamp
        /// Of the centre, in degrees.
        let longitude, latitude: Double
    }

    /// Half the length and half the width of a scene, in kilometres.
    private static let halfLength = 90.0
    private static let halfWidth = 92.5
    /// Surface reflectance is not computed for a sun lower than this, in degrees.
    private static let lowestSun = 14.0

    init() {
        let box = Campaign.centralEurope
        // Landsat 9 began its regular observations on 31 October 2021.
        let starts = [(Satellite.landsat8, 47, box.start), (.landsat9, 89, Timestamp("2021-10-31T00:00:00Z")!)]
        for (satellite, referencePath, start) in starts {
            var orbit = satellite.orbit.firstOrbit(from: start)
            while satellite.orbit.nodeTime(orbit: orbit) < box.end {
                defer { orbit += 1 }
                let ofCycle = (referencePath - 1 + 16 * orbit) % 233
                let path = (ofCycle < 0 ? ofCycle + 233 : ofCycle) + 1
                for row in 20...30 { plan(satellite, orbit, path, row, box) }
            }
        }
        scenes.sort { ($0.time, $0.row) < ($1.time, $1.row) }
    }

    private mutating func plan(_ satellite: Satellite, _ orbit: Int, _ path: Int, _ row: Int, _ box: Campaign) {
        let point = satellite.orbit.point(argument: Self.argument(row: Double(row)))
        let node = satellite.orbit.nodeLongitude(orbit: orbit)
        let longitude = wrappedLongitude(node + point.longitudeOffset)
        guard box.contains(longitude: longitude, latitude: point.latitude) else { return }
        // To the millisecond, as in the other series; the rest of the digits is drawn.
        let milliseconds = satellite.orbit.nodeTime(orbit: orbit).microseconds / 1_000
        var random = SplitMix64(seed: 0x4c31, orbit, row)
        let time = Timestamp(
            microseconds: (milliseconds + Int64((point.seconds * 1_000).rounded())) * 1_000
                + Int64(random.integer(below: 1_000)))
        let sun = SunPosition(longitude: longitude, latitude: point.latitude, time: time)
        guard time < box.end, sun.elevation > Self.lowestSun else { return }
        scenes.append(
            Scene(
                satellite: satellite, path: path, row: row, nodeLongitude: node, time: time, longitude: longitude,
                latitude: point.latitude))
    }

    /// The system has 248 rows to an orbit; row 60 lies on the equator, descending.
    private static func argument(row: Double) -> Double { 180 - (60 - row) * 360 / 248 }

    /// The scene's footprint, moved along the track by up to two kilometres as in practice.
    func footprint(_ scene: Scene, _ random: inout SplitMix64) -> Footprint {
        let orbit = scene.satellite.orbit
        let kilometresPerRow = 6_371 * 2 * Double.pi / 248
        let shift = random.uniform(-2, 2)
        var footprint = Footprint()
        for (along, across) in [(-1.0, 1.0), (1, 1), (1, -1), (-1, -1)] {
            let row = Double(scene.row) + (along * Self.halfLength + shift) / kilometresPerRow
            let argument = Self.argument(row: row)
            let point = orbit.point(argument: argument)
            let corner = destination(
                longitude: scene.nodeLongitude + point.longitudeOffset, latitude: point.latitude,
                bearing: orbit.heading(argument: argument) + 90, kilometres: across * Self.halfWidth)
            footprint.append(.init(longitude: corner.longitude, latitude: corner.latitude))
        }
        return footprint
    }
}
