/// A polygon in the rolled-out plane. Rings are open: the first position is not repeated.
struct UnrolledPolygon {
    var outer: [UnrolledPosition]
    var holes: [[UnrolledPosition]]

    init(outer: [UnrolledPosition], holes: [[UnrolledPosition]]) {
        self.outer = outer
        self.holes = holes
    }

    /// - Parameter bbox: Of the Item.
    /// - Returns: `nil` for a polygon without an outer ring.
    init?(_ rings: [[Position]], in bbox: BoundingBox?) {
        guard let first = rings.first, !first.isEmpty else { return nil }
        let reading = EdgeReading(ofRing: first, in: bbox)
        var (outer, pole) = Self.unroll(first, reading, pole: nil, in: bbox)
        // As wide rectangles wind when nothing else says what they are: read again, it is the same.
        if reading == .planar, first.isAxisAlignedRectangle, !first.isCounterclockwise { outer.reverse() }
        let holes = rings.dropFirst().filter { !$0.isEmpty }.map { hole in
            let reading = EdgeReading(ofHole: hole, inRingReadAs: reading)
            return Self.shifted(Self.unroll(hole, reading, pole: pole, in: bbox).ring, in: outer)
        }
        self.init(outer: outer, holes: holes)
    }

    /// - Parameter pole: The latitude of the pole that the outer ring goes round, when this is one of its holes.
    private static func unroll(
        _ ring: [Position], _ reading: EdgeReading, pole: Double?, in bbox: BoundingBox?
    ) -> (ring: [UnrolledPosition], pole: Double?) {
        var unrolled = [UnrolledPosition](ring, reading)
        guard ring[0].coincides(with: ring[ring.count - 1]) else { return (unrolled, nil) }
        let turns = unrolled.turns
        guard turns != 0 else {
            unrolled.removeLast()
            return (unrolled, nil)
        }
        let pole = pole ?? nearerPole(ring, isEastward: turns > 0, in: bbox)
        return (closed(turns > 0 ? unrolled : unrolled.reversed(), turns: abs(turns), pole: pole), pole)
    }

    /// The pole that the box reaches. Else footprints are small: the pole is the one in the ring's hemisphere. A ring in
    /// both has its inside on its left (RFC 7946, section 3.1.6).
    private static func nearerPole(_ ring: [Position], isEastward: Bool, in bbox: BoundingBox?) -> Double {
        if let bbox, (bbox.north == 90) != (bbox.south == -90) { return bbox.north == 90 ? 90 : -90 }
        if ring.allSatisfy({ $0.y >= 0 }) { return 90 }
        if ring.allSatisfy({ $0.y <= 0 }) { return -90 }
        return isEastward ? 90 : -90
    }

    /// Closes a chain that goes eastward round the Earth along the pole, starting from where it meets a border: the
    /// seam to the pole then falls on the antimeridian.
    private static func closed(_ chain: [UnrolledPosition], turns: Int, pole: Double) -> [UnrolledPosition] {
        let border = chain[0].longitude.degrees == 180 ? chain[0].longitude.turn + 1 : chain[0].longitude.turn
        guard
            let index = chain.indices.dropLast().first(where: {
                chain[$0].distance(fromBorder: border) < 0 && chain[$0 + 1].distance(fromBorder: border) >= 0
            })
        else { return chain }
        let seam = chain[index].crossing(to: chain[index + 1], border: border)
        // The chain's last position is its first again, `turns` later.
        var ring = [seam]
        ring += chain[(index + 1)...].dropLast()
        ring += chain[...index].map { $0.shifted(turns: turns) }
        ring.append(seam.shifted(turns: turns))
        ring.append(UnrolledPosition(border: border + turns, y: pole))
        ring.append(UnrolledPosition(border: border, y: pole))
        return ring.withoutRepeats()
    }

    /// Moves a hole by whole turns to where it lies in the outer ring.
    private static func shifted(_ hole: [UnrolledPosition], in outer: [UnrolledPosition]) -> [UnrolledPosition] {
        let (holeX, outerX) = (hole.map(\.x), outer.map(\.x))
        guard let holeWest = holeX.min(), let holeEast = holeX.max(), let west = outerX.min(), let east = outerX.max()
        else { return hole }
        // A hole may reach the outer ring, which rounding must not hide.
        let tolerance = 1e-9
        let least = Int(((west - holeWest - tolerance) / 360).rounded(.up))
        let most = Int(((east - holeEast + tolerance) / 360).rounded(.down))
        guard least <= most else { return hole }
        for turns in least...most where outer.contains(anyOf: hole.map { $0.shifted(turns: turns) }) {
            return hole.map { $0.shifted(turns: turns) }
        }
        return hole.map { $0.shifted(turns: least) }
    }

    /// The strips that the polygon lies in.
    var strips: ClosedRange<Int> { outer.strips }

    /// Closed rings on the map, for a polygon in one strip.
    func rings(inStrip strip: Int) -> [[Position]] {
        ([outer] + holes).map { ring in
            let positions = ring.map { $0.position(inStrip: strip) }
            return positions + positions.prefix(1)
        }
    }
}

extension [Position] {
    /// Four distinct corners on two longitudes and two latitudes, each edge along one of them.
    var isAxisAlignedRectangle: Bool {
        guard count == 5 else { return false }
        let (a, b, c, d) = (self[0], self[1], self[2], self[3])
        guard a.x != c.x, a.y != c.y else { return false }
        let isUpright = a.x == b.x && b.y == c.y && c.x == d.x && d.y == a.y
        let isLying = a.y == b.y && b.x == c.x && c.y == d.y && d.x == a.x
        return isUpright || isLying
    }
}

extension [UnrolledPosition] {
    /// An open ring without positions that repeat the one before.
    func withoutRepeats() -> [UnrolledPosition] {
        var ring: [UnrolledPosition] = []
        for position in self where !(ring.last?.isSamePosition(as: position) ?? false) { ring.append(position) }
        while ring.count > 1, ring[0].isSamePosition(as: ring[ring.count - 1]) { ring.removeLast() }
        return ring
    }

    /// Whether the inside of this open ring holds one of the positions.
    func contains(anyOf positions: [UnrolledPosition]) -> Bool {
        let corners = map { SIMD2($0.x, $0.y) }
        return positions.contains { position in
            let (x, y) = (position.x, position.y)
            var isInside = false
            var previous = corners.count - 1
            for index in corners.indices {
                let (from, to) = (corners[previous], corners[index])
                if (from.y > y) != (to.y > y), x < from.x + (to.x - from.x) * ((y - from.y) / (to.y - from.y)) {
                    isInside.toggle()
                }
                previous = index
            }
            return isInside
        }
    }
}
