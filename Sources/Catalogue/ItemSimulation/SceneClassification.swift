#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The shares of Sentinel-2's scene classes in a product, in millionths of a percent; the classes add up to 100 %.
public struct SceneClassification: Sendable {
    public let highProbabilityClouds, mediumProbabilityClouds, thinCirrus: Int
    public let cloudShadow, darkFeatures, unclassified, snow, water, vegetation, notVegetated: Int

    /// The sum of the three cloud classes, which is `eo:cloud_cover`.
    public var cloudCover: Int { highProbabilityClouds + mediumProbabilityClouds + thinCirrus }

    /// - Parameters:
    ///   - cloudCover: 0 to 1.
    ///   - cold: How likely snow is, 0 to 1.
    ///   - waterShare: Of the tile's surface, 0 to 1.
    ///   - green: How much of the land has vegetation, 0 to 1.
    public init(
        cloudCover: Double, cold: Double, waterShare: Double, green: Double, _ random: inout SplitMix64
    ) {
        let whole = 100_000_000
        let cloud = min(whole, max(0, Int((cloudCover * Double(whole)).rounded())))
        let clouds = Self.shares(of: cloud, random.unit(), random.unit(), 0.5 * random.unit() + 0.01)
        (highProbabilityClouds, mediumProbabilityClouds, thinCirrus) = (clouds[0], clouds[1], clouds[2])
        let land = 1 - waterShare
        let snowCover = cold * random.unit()
        let ground = Self.shares(
            of: whole - cloud, 0.05 * random.unit(), 0.02 * random.unit(), 0.08 * random.unit(), land * snowCover,
            waterShare, land * (1 - snowCover) * green, land * (1 - snowCover) * (1 - green) + 0.001)
        (cloudShadow, darkFeatures, unclassified, snow) = (ground[0], ground[1], ground[2], ground[3])
        (water, vegetation, notVegetated) = (ground[4], ground[5], ground[6])
    }

    /// Splits a whole in proportion to weights; the last share takes up the rounding.
    private static func shares(of whole: Int, _ weights: Double...) -> [Int] {
        let sum = weights.reduce(0, +)
        var rest = whole
        var shares: [Int] = []
        for weight in weights.dropLast() {
            let share = min(rest, Int(Double(whole) * weight / sum))
            shares.append(share)
            rest -= share
        }
        return shares + [rest]
    }

    /// A cloud cover from 0 to 1, most often near one of both ends, as a uniform number from 0 to 1 has it.
    public static func cloudCover(_ uniform: Double) -> Double {
        let angle = sin(uniform * .pi / 2)
        return angle * angle
    }
}
