public import Temporal

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A circular, sun-synchronous orbit whose ground track repeats exactly.
///
/// Positions on the orbit are given by the argument of latitude: the angle from the ascending node, in degrees, so that
/// 0 to 90 and 270 to 360 ascend, and 90 to 270 descend.
public struct RepeatOrbit: Sendable {
    /// In degrees.
    public let inclination: Double
    public let cycleDays, orbitsPerCycle: Int
    /// Number of an orbit of which time and position are known.
    public let referenceOrbit: Int
    /// When that orbit's ascending node was passed.
    public let referenceTime: Timestamp
    /// Longitude of that node in degrees.
    public let referenceLongitude: Double

    public init(
        inclination: Double, cycleDays: Int, orbitsPerCycle: Int, referenceOrbit: Int, referenceTime: Timestamp,
        referenceLongitude: Double
    ) {
        self.inclination = inclination
        self.cycleDays = cycleDays
        self.orbitsPerCycle = orbitsPerCycle
        self.referenceOrbit = referenceOrbit
        self.referenceTime = referenceTime
        self.referenceLongitude = referenceLongitude
    }

    public var periodSeconds: Double { Double(cycleDays * 86_400) / Double(orbitsPerCycle) }

    /// When the orbit of that number passes its ascending node. Exact: no error grows over the years.
    public func nodeTime(orbit: Int) -> Timestamp {
        let cycle = Int64(cycleDays) * 86_400_000_000
        let elapsed = Int64(orbit - referenceOrbit) * cycle / Int64(orbitsPerCycle)
        return Timestamp(microseconds: referenceTime.microseconds + elapsed)
    }

    /// Longitude of the ascending node, -180 to 180.
    public func nodeLongitude(orbit: Int) -> Double {
        let ofCycle = (orbit - referenceOrbit) * cycleDays % orbitsPerCycle
        return wrappedLongitude(referenceLongitude - 360 * Double(ofCycle) / Double(orbitsPerCycle))
    }

    /// The first orbit whose ascending node lies at or after `time`.
    public func firstOrbit(from time: Timestamp) -> Int {
        let seconds = Double(time.microseconds - referenceTime.microseconds) / 1_000_000
        var orbit = referenceOrbit + Int((seconds / periodSeconds).rounded(.down)) - 1
        while nodeTime(orbit: orbit) < time { orbit += 1 }
        return orbit
    }

    /// A point below the satellite.
    public struct TrackPoint: Sendable {
        /// East of the ascending node, in degrees.
        public let longitudeOffset: Double
        /// Geodetic, in degrees.
        public let latitude: Double
        /// After the ascending node.
        public let seconds: Double
    }

    public func point(argument: Double) -> TrackPoint {
        let angle = argument * .pi / 180
        let tilt = inclination * .pi / 180
        let geocentric = asin(sin(tilt) * sin(angle))
        let ahead = atan2(cos(tilt) * sin(angle), cos(angle)) * 180 / .pi
        let seconds = argument / 360 * periodSeconds
        // Below a sun-synchronous orbit the Earth turns once a mean solar day.
        return TrackPoint(
            longitudeOffset: wrappedLongitude(ahead - seconds / 240),
            latitude: atan(tan(geocentric) / geocentricFactor) * 180 / .pi, seconds: seconds)
    }

    /// Where the satellite passes a latitude. Latitudes beyond the orbit's reach give its turning point.
    public func argument(latitude: Double, ascending: Bool) -> Double {
        let geocentric = atan(tan(latitude * .pi / 180) * geocentricFactor)
        let angle = asin(min(1, max(-1, sin(geocentric) / sin(inclination * .pi / 180)))) * 180 / .pi
        return ascending ? (angle + 360).truncatingRemainder(dividingBy: 360) : 180 - angle
    }

    /// Where the satellite flies to, over ground: degrees clockwise from north.
    public func heading(argument: Double) -> Double {
        let here = point(argument: argument)
        let next = point(argument: argument + 0.01)
        let east = wrappedLongitude(next.longitudeOffset - here.longitudeOffset) * cos(here.latitude * .pi / 180)
        return atan2(east, next.latitude - here.latitude) * 180 / .pi
    }
}

/// Square of the ratio of the Earth's axes (WGS 84): tangent of geocentric over that of geodetic latitude.
private let geocentricFactor = 0.993_305_619_995_739

/// The same meridian between -180 and 180 degrees.
public func wrappedLongitude(_ longitude: Double) -> Double {
    longitude - 360 * ((longitude + 180) / 360).rounded(.down)
}

/// The point at some distance in some direction (degrees clockwise from north) on a sphere.
public func destination(
    longitude: Double, latitude: Double, bearing: Double, kilometres: Double
) -> (longitude: Double, latitude: Double) {
    let angle = kilometres / 6_371
    let start = latitude * .pi / 180
    let direction = bearing * .pi / 180
    let sine = sin(start) * cos(angle) + cos(start) * sin(angle) * cos(direction)
    let east = atan2(sin(direction) * sin(angle) * cos(start), cos(angle) - sin(start) * sine)
    return (wrappedLongitude(longitude + east * 180 / .pi), asin(sine) * 180 / .pi)
}
