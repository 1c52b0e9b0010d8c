public import Temporal

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where the sun stands, to about a degree: the equation of time is left out.
public struct SunPosition: Sendable {
    /// Above the horizon, in degrees.
    public let elevation: Double
    /// Degrees clockwise from north, 0 to 360.
    public let azimuth: Double

    public init(longitude: Double, latitude: Double, time: Timestamp) {
        let days = Double(time.microseconds) / 86_400_000_000
        let declination = Self.declination(days: days) * .pi / 180
        let ofDay = days - days.rounded(.down)
        let hourAngle = (ofDay * 360 - 180 + longitude) * .pi / 180
        let latitudeRadians = latitude * .pi / 180
        let sine = sin(latitudeRadians) * sin(declination) + cos(latitudeRadians) * cos(declination) * cos(hourAngle)
        elevation = asin(sine) * 180 / .pi
        let east = -sin(hourAngle) * cos(declination)
        let north = cos(latitudeRadians) * sin(declination) - sin(latitudeRadians) * cos(declination) * cos(hourAngle)
        let direction = atan2(east, north) * 180 / .pi
        azimuth = direction < 0 ? direction + 360 : direction
    }

    /// Of the sun, in degrees; `days` since 1970-01-01.
    public static func declination(days: Double) -> Double {
        // The winter solstice comes ten days before New Year.
        -23.44 * cos((days + 10) / 365.2425 * 2 * .pi)
    }

    /// Of the Earth from the sun, as the factor by which radiance exceeds that at the mean distance.
    public static func distanceFactor(days: Double) -> Double {
        // The perihelion falls on about 3 January.
        1 + 0.0334 * cos((days - 2) / 365.2425 * 2 * .pi)
    }
}
