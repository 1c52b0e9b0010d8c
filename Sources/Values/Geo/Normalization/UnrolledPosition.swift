/// A position on the cylinder of longitudes unrolled into a plane without end to the west and to the east.
///
/// The plane is divided into strips of 360° by borders: strip 0 is -180...180, and border *n* lies between the strips
/// *n* and *n* + 1. A longitude of 180 in one strip is the same position as -180 in the next.
struct UnrolledPosition {
    var longitude: Longitude
    var y: Double

    init(_ longitude: Longitude, _ y: Double) {
        self.longitude = longitude
        self.y = y
    }

    init(border: Int, y: Double) {
        self.init(Longitude(degrees: 180, turn: border), y)
    }

    /// Degrees in the rolled-out plane; rounded.
    var x: Double { longitude.degrees + 360 * Double(longitude.turn) }

    /// Degrees east of a border: negative to its west, zero on it.
    func distance(fromBorder border: Int) -> Double {
        longitude.degrees - 180 + 360 * Double(longitude.turn - border)
    }

    func shifted(turns: Int) -> UnrolledPosition {
        UnrolledPosition(Longitude(degrees: longitude.degrees, turn: longitude.turn + turns), y)
    }

    func isSamePosition(as other: UnrolledPosition) -> Bool {
        y == other.y && distance(fromBorder: other.longitude.turn) == other.distance(fromBorder: other.longitude.turn)
    }

    /// The position on the map, seen from a strip that it lies in or on whose border it lies.
    func position(inStrip strip: Int) -> Position {
        guard longitude.turn != strip else { return Position(longitude.degrees, y) }
        return Position(longitude.turn > strip ? 180 : -180, y)
    }

    /// The intersection of the edge to `end` with a border between the two.
    func crossing(to end: UnrolledPosition, border: Int) -> UnrolledPosition {
        let (before, after) = (distance(fromBorder: border), end.distance(fromBorder: border))
        if before == 0 { return UnrolledPosition(border: border, y: y) }
        if after == 0 { return UnrolledPosition(border: border, y: end.y) }
        let crossing = y + (end.y - y) * (before / (before - after))
        return UnrolledPosition(border: border, y: min(max(crossing, min(y, end.y)), max(y, end.y)))
    }
}

extension [UnrolledPosition] {
    /// Rolls out a line or a closed ring.
    init(_ positions: [Position], _ reading: EdgeReading) {
        self.init()
        reserveCapacity(positions.count)
        var turn = 0
        var previous: Double?
        for position in positions {
            let x = position.x.snapped
            if let previous, reading.crosses(jump: x - previous) { turn += x < previous ? 1 : -1 }
            previous = x
            let longitude = Longitude(x)
            append(UnrolledPosition(Longitude(degrees: longitude.degrees, turn: longitude.turn + turn), position.y))
        }
        // No real geometry turns that often, and a strip for each turn would use unbounded memory.
        let turns = map(\.longitude.turn)
        if let least = turns.min(), let most = turns.max(), most - least > 16 {
            for index in indices { self[index].longitude.turn = 0 }
        }
    }

    /// The strips that the positions lie in; a position on a border counts for the strip of the others.
    var strips: ClosedRange<Int> {
        var least = Int.max
        var most = Int.min
        for position in self {
            let turn = position.longitude.turn
            least = Swift.min(least, position.longitude.degrees == 180 ? turn + 1 : turn)
            most = Swift.max(most, position.longitude.degrees == -180 ? turn - 1 : turn)
        }
        // All on one border: the strip to its west.
        return Swift.min(least, most)...most
    }
}
