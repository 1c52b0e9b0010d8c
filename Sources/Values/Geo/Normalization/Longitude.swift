/// A longitude as a position on the circle and the number of whole turns to reach it, so that going round and back
/// again loses no bits.
struct Longitude: Hashable {
    /// -180...180.
    var degrees: Double
    /// Full circles eastward.
    var turn: Int

    init(degrees: Double, turn: Int) {
        self.degrees = degrees
        self.turn = turn
    }

    /// Longitudes in ±180 are unchanged, 180 and -180 included.
    init(_ x: Double) {
        guard abs(x) > 180 else {
            self.init(degrees: x, turn: 0)
            return
        }
        // Exact: the remainder of a division always is, and so is the subtraction of 360 from a number in 180...360.
        var degrees = x.truncatingRemainder(dividingBy: 360)
        if degrees > 180 { degrees -= 360 }
        if degrees < -180 { degrees += 360 }
        self.init(degrees: degrees, turn: Int(exactly: ((x - degrees) / 360).rounded()) ?? 0)
    }
}
