import ItemSimulation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The tiles over land, and the part of them covered by each relative orbit on its descent.
struct World: Sendable {
    /// A tile as one relative orbit sees it.
    struct View: Sendable {
        let tile: Int
        /// Part of the descent that is one datatake, 0 in the far north.
        let segment: Int
        /// Band of five degrees of latitude; granules in one band of one pass exist together or not at all.
        let band: Int
        /// Whether the tile's centre lies in the box that is sampled more densely.
        let isFocus: Bool
        let latitude: Double
        let swath: TileSwath
    }

    let tiles: [MGRSTile]
    /// By relative orbit (1 comes first), from north to south.
    let views: [[View]]

    /// The area of the benchmarks, in degrees.
    static let focus = (west: 5.0, south: 46.5, east: 16.0, north: 55.5)
    static let latitudes = (south: -56.0, north: 80.0)

    /// The only one there is; it takes a second to make without optimisation.
    static let earth = World()

    private init() {
        // No tile that touches the antimeridian: its footprint would have to be cut in two.
        let tiles = MGRSTile.tiles(
            west: -179, south: Self.latitudes.south, east: 179, north: Self.latitudes.north
        ).filter(Self.hasLand)
        self.tiles = tiles
        let satellite = Satellite.sentinel2B
        let orbit = satellite.orbit
        let nodes = (0..<orbit.orbitsPerCycle).map {
            orbit.nodeLongitude(orbit: satellite.firstOrbitOfCycle + $0)
        }
        var views = [[View]](repeating: [], count: nodes.count)
        for (index, tile) in tiles.enumerated() {
            let argument = orbit.argument(latitude: tile.latitude, ascending: false)
            let track = orbit.point(argument: argument).longitudeOffset
            let heading = orbit.heading(argument: argument)
            // More than the swath and the tile together, in degrees.
            let reach = 2.4 / cos(tile.latitude * .pi / 180)
            for (number, node) in nodes.enumerated() {
                guard abs(wrappedLongitude(tile.longitude - node - track)) < reach,
                    let swath = TileSwath(tile: tile, trackLongitude: node + track, heading: heading)
                else { continue }
                views[number].append(
                    View(
                        tile: index, segment: Self.segment(latitude: tile.latitude, relativeOrbit: number + 1),
                        band: Int((tile.latitude + 90) / 5), isFocus: Self.isInFocus(tile), latitude: tile.latitude,
                        swath: swath))
            }
        }
        self.views = views.map { $0.sorted { ($1.latitude, $1.tile) < ($0.latitude, $0.tile) } }
    }

    private static func hasLand(_ tile: MGRSTile) -> Bool {
        [(0.0, 0.0), (0, 1), (1, 0), (1, 1), (0.5, 0.5)].contains { share in
            let corner = tile.zone.geographic(
                easting: tile.west + share.0 * MGRSTile.size, northing: tile.south + share.1 * MGRSTile.size)
            return LandMask.isLand(longitude: corner.longitude, latitude: corner.latitude)
        }
    }

    static func isInFocus(_ tile: MGRSTile) -> Bool {
        focus.west <= tile.longitude && tile.longitude < focus.east && focus.south <= tile.latitude
            && tile.latitude < focus.north
    }

    /// Where the descent is cut into datatakes differs from orbit to orbit.
    private static func cuts(relativeOrbit: Int) -> [Double] {
        let shift = Double(relativeOrbit * 37 % 9) - 4
        return [41 + shift, 4 + shift, -30 + shift]
    }

    private static func segment(latitude: Double, relativeOrbit: Int) -> Int {
        cuts(relativeOrbit: relativeOrbit).count { latitude < $0 }
    }

    static let segmentCount = 4

    /// Where the datatake of a segment begins.
    static func firstLatitude(segment: Int, relativeOrbit: Int) -> Double {
        segment == 0 ? latitudes.north : cuts(relativeOrbit: relativeOrbit)[segment - 1]
    }
}
