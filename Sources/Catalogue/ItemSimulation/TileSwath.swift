#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// How a descending pass of a wide swath meets a tile: wholly, or cut by one edge of the swath.
public struct TileSwath: Sendable {
    /// Where the tile's centre lies east of the track, in metres along the grid's easting.
    public let offset: Double
    /// Metres that the track runs east for each metre north, on the tile's grid.
    public let slope: Double
    /// Share of the tile within the swath, 0 to 1.
    public let coverage: Double

    /// Half the swath of Sentinel-2's instrument, in metres.
    private static let halfWidth = 145_000.0
    /// How far the staggered detectors move the edge to and fro, in metres.
    private static let stagger = 600.0

    /// - Parameter nodeLongitude: Of the pass' ascending node.
    /// - Returns: `nil` when the pass misses the tile, or sees less than a hundredth of it.
    public init?(tile: MGRSTile, orbit: RepeatOrbit, nodeLongitude: Double) {
        let argument = orbit.argument(latitude: tile.latitude, ascending: false)
        let track = wrappedLongitude(nodeLongitude + orbit.point(argument: argument).longitudeOffset)
        self.init(
            tile: tile, trackLongitude: track, heading: orbit.heading(argument: argument))
    }

    /// - Parameters:
    ///   - trackLongitude: Where the satellite passes the latitude of the tile's centre.
    ///   - heading: There, in degrees clockwise from north.
    public init?(tile: MGRSTile, trackLongitude: Double, heading: Double) {
        let metresPerDegree = 111_320 * cos(tile.latitude * .pi / 180)
        offset = wrappedLongitude(tile.longitude - trackLongitude) * metresPerDegree
        guard abs(offset) < 2 * Self.halfWidth else { return nil }
        let convergence =
            (tile.longitude - tile.zone.centralMeridian) * sin(tile.latitude * .pi / 180)
        slope = tan((heading - 180 - convergence) * .pi / 180)
        var share = 1.0
        if let cut = Self.cut(offset: offset, slope: slope, halfWidth: Self.halfWidth) {
            share = Self.area(cut.ring) / (MGRSTile.size * MGRSTile.size)
            guard share >= 0.01 else { return nil }
        }
        coverage = share
    }

    /// The footprint of one pass and the share of the tile that it leaves without data.
    ///
    /// The orbit is kept to within a kilometre, so that the edge lies a little elsewhere in each pass.
    public func footprint(of tile: MGRSTile, _ random: inout SplitMix64) -> (footprint: Footprint, missing: Double) {
        var ring: [Point]
        let halfWidth = Self.halfWidth + random.uniform(-800, 800)
        if let cut = Self.cut(offset: offset, slope: slope, halfWidth: halfWidth), cut.ring.count >= 3 {
            ring = cut.ring
            if let edge = cut.edge { Self.roughen(&ring, from: edge, &random) }
        } else {
            ring = Self.square
        }
        var footprint = Footprint()
        let half = MGRSTile.size / 2
        for point in ring {
            let corner = tile.zone.geographic(
                easting: tile.west + half + point.x, northing: tile.south + half + point.y)
            footprint.append(.init(longitude: corner.longitude, latitude: corner.latitude))
        }
        let missing = 1 - Self.area(ring) / (MGRSTile.size * MGRSTile.size)
        return (footprint, max(0, missing))
    }

    // MARK: Plane geometry, in metres from the tile's centre

    private typealias Point = (x: Double, y: Double)

    private static let square: [Point] = [
        (-MGRSTile.size / 2, -MGRSTile.size / 2), (MGRSTile.size / 2, -MGRSTile.size / 2),
        (MGRSTile.size / 2, MGRSTile.size / 2), (-MGRSTile.size / 2, MGRSTile.size / 2),
    ]

    /// The part of the square inside the swath, and the corner after which its edge starts; `nil` when the whole square
    /// is inside.
    private static func cut(offset: Double, slope: Double, halfWidth: Double) -> (ring: [Point], edge: Int?)? {
        let limit = halfWidth * (1 + slope * slope).squareRoot()
        let side = offset < 0 ? -1.0 : 1.0
        /// How far the point lies within the edge that is nearer to the tile.
        func margin(_ point: Point) -> Double { limit - side * (offset + point.x - slope * point.y) }
        guard square.contains(where: { margin($0) < 0 }) else { return nil }
        var ring: [Point] = []
        var edge: Int?
        for (index, point) in square.enumerated() {
            let next = square[(index + 1) % 4]
            let (here, there) = (margin(point), margin(next))
            if here >= 0 { ring.append(point) }
            if (here < 0) != (there < 0) {
                let share = here / (here - there)
                if here >= 0 { edge = ring.count }
                ring.append((point.x + share * (next.x - point.x), point.y + share * (next.y - point.y)))
            }
        }
        return (ring, edge)
    }

    /// Puts steps into the side that follows corner `start`.
    private static func roughen(_ ring: inout [Point], from start: Int, _ random: inout SplitMix64) {
        let first = ring[start]
        let last = ring[(start + 1) % ring.count]
        let (dx, dy) = (last.x - first.x, last.y - first.y)
        let length = (dx * dx + dy * dy).squareRoot()
        let steps = min(12, Int(length / 9_000))
        guard steps >= 2 else { return }
        var points: [Point] = []
        let half = MGRSTile.size / 2
        for step in 1..<steps {
            let share = (Double(step) + random.uniform(-0.2, 0.2)) / Double(steps)
            let shift = random.uniform(-stagger, stagger)
            let x = first.x + share * dx - shift * dy / length
            let y = first.y + share * dy + shift * dx / length
            points.append((min(half, max(-half, x)), min(half, max(-half, y))))
        }
        ring.insert(contentsOf: points, at: start + 1)
    }

    private static func area(_ ring: [Point]) -> Double {
        var twice = 0.0
        for (index, point) in ring.enumerated() {
            let next = ring[(index + 1) % ring.count]
            twice += point.x * next.y - next.x * point.y
        }
        return abs(twice) / 2
    }
}
