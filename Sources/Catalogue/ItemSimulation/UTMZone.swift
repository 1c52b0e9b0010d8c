#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A zone of the Universal Transverse Mercator grid on WGS 84. Northings are negative south of the equator.
///
/// Source: Krüger's series to the third order of the third flattening; within a zone good to a few millimetres.
public struct UTMZone: Sendable, Hashable {
    /// 1 to 60, eastwards from 180° W.
    public let number: Int

    public init(_ number: Int) {
        self.number = number
    }

    /// The zone that a longitude lies in, the exceptions of Norway and Svalbard left out.
    public init(longitude: Double) {
        number = min(60, max(1, Int((longitude + 180) / 6) + 1))
    }

    /// In degrees.
    public var centralMeridian: Double { Double(number * 6 - 183) }

    private static let scale = 0.9996
    private static let falseEasting = 500_000.0
    /// Third flattening of WGS 84.
    private static let n = 1 / (2 * 298.257_223_563 - 1)
    private static let rectifyingRadius = 6_378_137 / (1 + n) * (1 + n * n / 4 + n * n * n * n / 64)
    private static let forward = (
        n / 2 - 2 * n * n / 3 + 5 * n * n * n / 16, 13 * n * n / 48 - 3 * n * n * n / 5, 61 * n * n * n / 240
    )
    private static let inverse = (
        n / 2 - 2 * n * n / 3 + 37 * n * n * n / 96, n * n / 48 + n * n * n / 15, 17 * n * n * n / 480
    )
    private static let latitude = (
        2 * n - 2 * n * n / 3 - 2 * n * n * n, 7 * n * n / 3 - 8 * n * n * n / 5, 56 * n * n * n / 15
    )

    /// Longitude and latitude, in degrees, of a point given in metres.
    public func geographic(easting: Double, northing: Double) -> (longitude: Double, latitude: Double) {
        let xi = northing / (Self.scale * Self.rectifyingRadius)
        let eta = (easting - Self.falseEasting) / (Self.scale * Self.rectifyingRadius)
        let correction = Self.sums(Self.inverse, xi, eta)
        let xiPrime = xi - correction.xi
        let etaPrime = eta - correction.eta
        let sine = sin(xiPrime) / cosh(etaPrime)
        let conformal = asin(sine)
        let cosine = (1 - sine * sine).squareRoot()
        // Sines of twice, four and six times the conformal latitude.
        let sine2 = 2 * sine * cosine
        let cosine2 = 1 - 2 * sine * sine
        let sine4 = 2 * sine2 * cosine2
        let cosine4 = 1 - 2 * sine2 * sine2
        let sine6 = sine4 * cosine2 + cosine4 * sine2
        let latitude =
            conformal + Self.latitude.0 * sine2 + Self.latitude.1 * sine4 + Self.latitude.2 * sine6
        let longitude = atan2(sinh(etaPrime), cos(xiPrime))
        return (centralMeridian + longitude * 180 / .pi, latitude * 180 / .pi)
    }

    /// Easting and northing, in metres, of a point given in degrees.
    public func grid(longitude: Double, latitude: Double) -> (easting: Double, northing: Double) {
        let sine = sin(latitude * .pi / 180)
        let eccentricity = 2 * Self.n.squareRoot() / (1 + Self.n)
        let tangent = sinh(atanh(sine) - eccentricity * atanh(eccentricity * sine))
        let delta = (longitude - centralMeridian) * .pi / 180
        let xiPrime = atan2(tangent, cos(delta))
        let etaPrime = atanh(sin(delta) / (1 + tangent * tangent).squareRoot())
        let correction = Self.sums(Self.forward, xiPrime, etaPrime)
        let metres = Self.scale * Self.rectifyingRadius
        return (Self.falseEasting + metres * (etaPrime + correction.eta), metres * (xiPrime + correction.xi))
    }

    /// The sums of both series, multiples of the angle by addition theorems.
    private static func sums(
        _ coefficients: (Double, Double, Double), _ xi: Double, _ eta: Double
    ) -> (xi: Double, eta: Double) {
        let s2 = sin(2 * xi)
        let c2 = cos(2 * xi)
        let sh2 = sinh(2 * eta)
        let ch2 = cosh(2 * eta)
        let s4 = 2 * s2 * c2
        let c4 = 1 - 2 * s2 * s2
        let sh4 = 2 * sh2 * ch2
        let ch4 = 1 + 2 * sh2 * sh2
        let s6 = s4 * c2 + c4 * s2
        let c6 = c4 * c2 - s4 * s2
        let sh6 = sh4 * ch2 + ch4 * sh2
        let ch6 = ch4 * ch2 + sh4 * sh2
        return (
            coefficients.0 * s2 * ch2 + coefficients.1 * s4 * ch4 + coefficients.2 * s6 * ch6,
            coefficients.0 * c2 * sh2 + coefficients.1 * c4 * sh4 + coefficients.2 * c6 * sh6
        )
    }
}
