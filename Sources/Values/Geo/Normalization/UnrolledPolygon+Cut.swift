extension UnrolledPolygon {
    /// The polygon's parts to the west and to the east of a border.
    ///
    /// Each ring that crosses the border falls into chains that begin and end on it. Along the border the inside lies
    /// between the first and the second of these ends, the third and the fourth, and so on; joining the chains over
    /// those runs gives the rings of the parts, in either winding order.
    func cut(atBorder border: Int) -> (west: [UnrolledPolygon], east: [UnrolledPolygon]) {
        var sides = (west: CutSide(border), east: CutSide(border))
        sides.west.take(outer, isHole: false, side: -1)
        sides.east.take(outer, isHole: false, side: 1)
        for hole in holes {
            sides.west.take(hole, isHole: true, side: -1)
            sides.east.take(hole, isHole: true, side: 1)
        }
        return (sides.west.polygons(), sides.east.polygons())
    }
}

/// The rings on one side of a border.
private struct CutSide {
    /// A run of positions on this side; its ends lie on the border.
    private struct Chain {
        var positions: [UnrolledPosition]
        var isTaken = false
    }

    private let border: Int
    private var outers: [[UnrolledPosition]] = []
    private var holes: [[UnrolledPosition]] = []
    private var chains: [Chain] = []

    init(_ border: Int) {
        self.border = border
    }

    /// Adds the part of a ring that lies on the side: -1 west, 1 east.
    ///
    /// A position on the border counts as east of it, unless the ring does not really reach the east.
    mutating func take(_ ring: [UnrolledPosition], isHole: Bool, side: Double) {
        let distances = ring.map { $0.distance(fromBorder: border) }
        if distances.allSatisfy({ $0 * side >= 0 }) {
            guard distances.contains(where: { $0 != 0 }) else { return }
            if isHole { holes.append(ring) } else { outers.append(ring) }
            return
        }
        // The other side has it all.
        if distances.allSatisfy({ $0 * side <= 0 }) { return }
        let isHere = distances.map { side < 0 ? $0 < 0 : $0 >= 0 }
        let count = ring.count
        for start in 0..<count where isHere[start] && !isHere[(start + count - 1) % count] {
            var positions = [ring[(start + count - 1) % count].crossing(to: ring[start], border: border)]
            var index = start
            while isHere[index] {
                positions.append(ring[index])
                index = (index + 1) % count
            }
            positions.append(ring[(index + count - 1) % count].crossing(to: ring[index], border: border))
            chains.append(Chain(positions: positions))
        }
    }

    mutating func polygons() -> [UnrolledPolygon] {
        joinChains()
        var polygons = outers.map { UnrolledPolygon(outer: $0, holes: []) }
        for hole in holes {
            let owner = polygons.count == 1 ? 0 : polygons.firstIndex { $0.outer.contains(anyOf: hole) }
            if let owner { polygons[owner].holes.append(hole) }
        }
        return polygons
    }

    private mutating func joinChains() {
        // The ends of chain n are 2n (its first position) and 2n + 1 (its last), sorted along the border.
        func latitude(_ end: Int) -> Double {
            chains[end / 2].positions[end % 2 == 0 ? 0 : chains[end / 2].positions.count - 1].y
        }
        let sorted = (0..<chains.count * 2).sorted { latitude($0) < latitude($1) }
        var partner = [Int](repeating: 0, count: sorted.count)
        for index in stride(from: 0, to: sorted.count - 1, by: 2) {
            partner[sorted[index]] = sorted[index + 1]
            partner[sorted[index + 1]] = sorted[index]
        }
        for first in chains.indices where !chains[first].isTaken {
            var ring: [UnrolledPosition] = []
            var entry = first * 2
            while !chains[entry / 2].isTaken {
                chains[entry / 2].isTaken = true
                let positions = chains[entry / 2].positions
                ring += entry % 2 == 0 ? positions : positions.reversed()
                entry = partner[entry ^ 1]
            }
            ring = ring.withoutRepeats()
            // A ring that only touches the border has no area on this side.
            guard ring.count >= 3, ring.contains(where: { $0.distance(fromBorder: border) != 0 }) else { continue }
            outers.append(ring)
        }
    }
}
