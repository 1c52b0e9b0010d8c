import ItemSimulation
import JSON
import Temporal

/// `sentinel-2-c1-l2a`: the tiles of Central Europe, as two satellites see them every five days.
struct Sentinel2L2A: DemoSeries {
    let id = "sentinel-2-c1-l2a"
    private(set) var scenes: [Scene] = []

    var sceneCount: Int { scenes.count }

    struct Scene: Sendable {
        let satellite: Satellite
        let orbit: Int
        let tile: MGRSTile
        let swath: TileSwath
        let datatake: Timestamp
        let sensed: Timestamp
    }

    /// Share of the passes in the demo; a pass is included with all its tiles, or not at all.
    private static let passShare = 0.262
    /// Where datatakes over Central Europe begin, in the north of Sweden.
    private static let firstLatitude = 67.0

    init() {
        let box = Campaign.centralEurope
        let tiles = MGRSTile.tiles(west: box.west, south: box.south, east: box.east, north: box.north)
        // Both satellites fly over the same ground: their coverage depends on the relative orbit alone.
        var swaths: [Int: [(tile: MGRSTile, swath: TileSwath)]] = [:]
        let reference = Satellite.sentinel2B
        for number in 1...reference.orbit.orbitsPerCycle {
            let node = reference.orbit.nodeLongitude(orbit: reference.firstOrbitOfCycle + number - 1)
            let seen = tiles.compactMap { tile in
                TileSwath(tile: tile, orbit: reference.orbit, nodeLongitude: node).map { (tile, $0) }
            }
            if !seen.isEmpty { swaths[number] = seen }
        }
        for satellite in [Satellite.sentinel2A, .sentinel2B] {
            var orbit = satellite.orbit.firstOrbit(from: box.start) - 1
            while satellite.orbit.nodeTime(orbit: orbit) < box.end {
                defer { orbit += 1 }
                var random = SplitMix64(seed: 0x5231, orbit)
                guard let seen = swaths[satellite.relativeOrbit(orbit)], random.unit() < Self.passShare else {
                    continue
                }
                let datatake = Self.time(satellite, orbit, latitude: Self.firstLatitude, milliseconds: 24)
                guard box.start <= datatake, datatake < box.end else { continue }
                for (tile, swath) in seen {
                    let sensed = Self.time(satellite, orbit, latitude: tile.latitude, milliseconds: 0)
                    scenes.append(
                        Scene(
                            satellite: satellite, orbit: orbit, tile: tile, swath: swath, datatake: datatake,
                            sensed: sensed))
                }
            }
        }
        scenes.sort { ($0.datatake, $0.tile.name) < ($1.datatake, $1.tile.name) }
    }

    private static func time(
        _ satellite: Satellite, _ orbit: Int, latitude: Double, milliseconds: Int64
    ) -> Timestamp {
        let point = satellite.orbit.point(argument: satellite.orbit.argument(latitude: latitude, ascending: false))
        let node = satellite.orbit.nodeTime(orbit: orbit).microseconds
        let second = (node + Int64(point.seconds * 1_000_000)) / 1_000_000
        return Timestamp(microseconds: second * 1_000_000 + milliseconds * 1_000)
    }
}
