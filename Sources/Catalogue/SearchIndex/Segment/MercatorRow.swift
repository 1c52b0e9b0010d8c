#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Rows of the Web Mercator projection by latitude.
///
/// The exact formula takes a logarithm and a tangent: several times as long as everything else that is computed for an
/// Item's location. So a Taylor polynomial around the nearest of 4,096 latitudes gives the row, and the formula decides
/// only where the polynomial is too close to the border of two rows.
enum MercatorRow {
    /// Degrees north and south.
    static let outermost = 85.0511287798066
    private static let intervalCount = 4_096
    private static let intervalsPerDegree = Double(intervalCount) / (2 * outermost)
    /// 2^32.
    private static let count = 4_294_967_296.0
    /// A hundred times the polynomials' error, 4e-14 by the fifth derivative at 85°, as a fraction of the map's height.
    private static let margin = 4e-12 * count

    /// At the middle of each interval: the position as a fraction of the map's height, from the north, and the terms of
    /// its derivatives by degrees.
    private static let polynomials: [SIMD8<Double>] = (0..<intervalCount).map { index in
        let middle = (Double(index) + 0.5) / intervalsPerDegree - outermost
        let secant = 1 / cos(middle * .pi / 180)
        let tangent = tan(middle * .pi / 180)
        let degree = Double.pi / 180
        let second = secant * tangent / 2
        let third = secant * (2 * secant * secant - 1) / 6
        let fourth = secant * tangent * (6 * secant * secant - 1) / 24
        let scale = -1 / (2 * Double.pi)
        return SIMD8(
            middle, northing(latitude: middle), scale * secant * degree, scale * second * degree * degree,
            scale * third * degree * degree * degree, scale * fourth * degree * degree * degree * degree, 0, 0)
    }

    /// From the north, in units of 2^-32 of the map's height.
    static func row(latitude: Double) -> UInt32 {
        let latitude = max(-outermost, min(outermost, latitude))
        let interval = Int((latitude + outermost) * intervalsPerDegree)
        let terms = polynomials[min(interval, intervalCount - 1)]
        let distance = latitude - terms[0]
        let place =
            (terms[1] + distance * (terms[2] + distance * (terms[3] + distance * (terms[4] + distance * terms[5]))))
            * count
        let row = Int(place)
        let rest = place - Double(row)
        guard rest > margin, rest < 1 - margin else { return exactRow(latitude: latitude) }
        return UInt32(truncatingIfNeeded: row)
    }

    /// By the exact formula.
    static func exactRow(latitude: Double) -> UInt32 {
        let latitude = max(-outermost, min(outermost, latitude))
        return UInt32(max(0, min(count - 1, (northing(latitude: latitude) * count).rounded(.down))))
    }

    /// The fraction of the map's height that is north of a latitude.
    private static func northing(latitude: Double) -> Double {
        0.5 - log(tan(.pi / 4 + latitude * .pi / 180 / 2)) / (2 * .pi)
    }
}
