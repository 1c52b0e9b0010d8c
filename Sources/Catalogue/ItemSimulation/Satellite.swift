import Temporal

/// A satellite whose positions are known from public product names.
public struct Satellite: Sendable {
    /// As in STAC's `platform`.
    public let platform: String
    /// The letter that distinguishes it from its twins: the last of `S2A`, say.
    public let letter: Character
    public let orbit: RepeatOrbit
    /// Number of an orbit that starts a cycle, so that its relative orbit is 1.
    public let firstOrbitOfCycle: Int

    public func relativeOrbit(_ orbitNumber: Int) -> Int {
        let ofCycle = (orbitNumber - firstOrbitOfCycle) % orbit.orbitsPerCycle
        return (ofCycle < 0 ? ofCycle + orbit.orbitsPerCycle : ofCycle) + 1
    }
}

// Each node below was computed back from the times and footprints of published products: of some orbits the node's time
// to about a second for Sentinel-1 and Landsat, to a minute for Sentinel-2, and its position to a tenth of a degree.

extension Satellite {
    private static func sentinel1(
        _ letter: Character, orbit: Int, at time: String, firstOrbitOfCycle: Int
    ) -> Satellite {
        Satellite(
            platform: "sentinel-1\(letter.lowercased())", letter: letter,
            orbit: RepeatOrbit(
                inclination: 98.18, cycleDays: 12, orbitsPerCycle: 175, referenceOrbit: orbit,
                referenceTime: Timestamp(time)!, referenceLongitude: wrappedLongitude(24.82 - 59 * 360 * 12 / 175.0)),
            firstOrbitOfCycle: firstOrbitOfCycle)
    }

    /// Relative orbit 59 as in `S1A_IW_GRDH_1SDV_20210809T173953_20210809T174018_039156_049F13`.
    public static let sentinel1A = sentinel1("A", orbit: 39_156, at: "2021-08-09T17:27:45Z", firstOrbitOfCycle: 73)
    /// Six days behind its twin.
    public static let sentinel1B = sentinel1("B", orbit: 28_085, at: "2021-08-03T17:27:45Z", firstOrbitOfCycle: 27)

    private static func sentinel2(
        _ letter: Character, orbit: Int, at time: String, firstOrbitOfCycle: Int
    ) -> Satellite {
        Satellite(
            platform: "sentinel-2\(letter.lowercased())", letter: letter,
            orbit: RepeatOrbit(
                inclination: 98.62, cycleDays: 10, orbitsPerCycle: 143, referenceOrbit: orbit,
                referenceTime: Timestamp(time)!, referenceLongitude: wrappedLongitude(26.25 - 80 * 360 * 10 / 143.0)),
            firstOrbitOfCycle: firstOrbitOfCycle)
    }

    /// Relative orbit 80, five days before its twin.
    public static let sentinel2A = sentinel2("A", orbit: 18_810, at: "2019-01-28T10:58:30Z", firstOrbitOfCycle: -2)
    /// Relative orbit 80 as in `S2B_MSIL2A_20190202T113319_N0500_R080_T30UVE_20221209T124842`.
    public static let sentinel2B = sentinel2("B", orbit: 9_973, at: "2019-02-02T10:58:30Z", firstOrbitOfCycle: 27)

    private static func landsat(_ number: Character, path: Int, at time: String) -> Satellite {
        Satellite(
            platform: "landsat-\(number)", letter: number,
            orbit: RepeatOrbit(
                inclination: 98.2, cycleDays: 16, orbitsPerCycle: 233, referenceOrbit: 0,
                referenceTime: Timestamp(time)!,
                referenceLongitude: wrappedLongitude(129.3 - Double(path) * 360 / 233)),
            firstOrbitOfCycle: 0)
    }

    /// Orbits counted from that of `LC08_L2SP_047027_20201204_20210313_02_T1`, path 47.
    public static let landsat8 = landsat("8", path: 47, at: "2020-12-04T18:25:54Z")
    /// Orbits counted from that of `LC09_L2SP_089090_20240417`, path 89.
    public static let landsat9 = landsat("9", path: 89, at: "2024-04-17T22:44:56Z")
}
