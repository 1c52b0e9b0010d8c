import ItemSimulation
import Temporal
import Testing

@Suite("Tiles and orbits") struct GeometryTests {
    @Test("a point survives the way to the grid and back")
    func roundTrip() {
        var random = SplitMix64(seed: 1)
        for _ in 0..<2_000 {
            let zone = UTMZone(1 + random.integer(below: 60))
            let longitude = zone.centralMeridian + random.uniform(-4, 4)
            let latitude = random.uniform(-79, 83)
            let grid = zone.grid(longitude: longitude, latitude: latitude)
            let point = zone.geographic(easting: grid.easting, northing: grid.northing)
            #expect(abs(point.longitude - longitude) < 1e-8 && abs(point.latitude - latitude) < 1e-8)
        }
    }

    @Test("a tile lies where the product says")
    func tile() throws {
        // Corners of S2B_MSIL2A_20190202T113319_N0500_R080_T30UVE_20221209T124842.
        let tiles = MGRSTile.tiles(west: -6, south: 50, east: 0, north: 56)
        let tile = try #require(tiles.first { $0.name == "30UVE" })
        #expect(tile.west == 399_960 && tile.south == 5_890_200 && tile.epsg == 32_630)
        let corner = tile.zone.geographic(easting: tile.west, northing: tile.south + MGRSTile.size)
        #expect(abs(corner.longitude + 4.531311) < 1e-5 && abs(corner.latitude - 54.138366) < 1e-5)
    }

    @Test("tile names are unique around the world")
    func names() {
        let names = MGRSTile.tiles(west: -180, south: -60, east: 180, north: 80).map(\.name)
        #expect(Set(names).count == names.count)
    }

    @Test("Munich's tile is seen from two orbits")
    func munich() throws {
        let tile = try #require(
            MGRSTile.tiles(west: 10, south: 47, east: 12, north: 49).first { $0.name == "32UPU" })
        let orbits = (1...143).filter { number in
            let orbit = Satellite.sentinel2B.firstOrbitOfCycle + number - 1
            let node = Satellite.sentinel2B.orbit.nodeLongitude(orbit: orbit)
            return TileSwath(tile: tile, orbit: Satellite.sentinel2B.orbit, nodeLongitude: node) != nil
        }
        #expect(orbits == [22, 65])
    }

    @Test("Sentinel-1 flies where its products say")
    func sentinel1() {
        // Centre of S1A_IW_GRDH_1SDV_20210809T173953_20210809T174018_039156_049F13: 3.37 E, 45.49 N.
        let satellite = Satellite.sentinel1A
        let time = Timestamp("2021-08-09T17:40:05.65Z")!
        let elapsed = time.microseconds - satellite.orbit.nodeTime(orbit: 39_156).microseconds
        let argument = Double(elapsed) / 1e6 / satellite.orbit.periodSeconds * 360
        let point = satellite.orbit.point(argument: argument)
        let centre = destination(
            longitude: satellite.orbit.nodeLongitude(orbit: 39_156) + point.longitudeOffset, latitude: point.latitude,
            bearing: satellite.orbit.heading(argument: argument) + 90, kilometres: 498)
        #expect(abs(centre.longitude - 3.37) < 0.1 && abs(centre.latitude - 45.49) < 0.1)
        #expect(satellite.relativeOrbit(39_156) == 59)
    }
}

@Suite("Text") struct TextTests {
    @Test(
        "numbers lose superfluous zeros only",
        arguments: [
            (12_345, 3, "12.345"), (12_300, 3, "12.3"), (12_000, 3, "12.0"), (0, 3, "0.0"), (-5, 3, "-0.005"),
            (7, 0, "7"),
            (0, 0, "0"), (100, 1, "10.0"), (-1_000_000, 6, "-1.0"), (120, 0, "120"),
        ])
    func decimals(value: Int, places: Int, text: String) {
        var bytes: [UInt8] = []
        appendDecimal(value, places: places, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == text)
    }

    @Test("times are written in three ways")
    func times() throws {
        let time = try #require(Timestamp("2019-02-02T11:33:19.024Z"))
        #expect(time.text(.extended) == "2019-02-02T11:33:19.024000Z")
        #expect(time.text(.compact) == "20190202T113319")
        #expect(time.text(.compactDate) == "20190202")
    }
}
