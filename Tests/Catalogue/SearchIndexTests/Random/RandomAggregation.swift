import STACAPI
import TestKit

/// Makes aggregations over the properties that random Items have.
enum RandomAggregation {
    static func aggregation(_ random: inout SeededGenerator) -> Aggregation {
        let property = random.pick(RandomItem.names + ["datetime", "start_datetime", "unknown"])
        switch random.integer(0...9) {
        case 0: return random.pick([.count, .earliest, .latest, .collections])
        case 1...3: return .terms(property: property)
        case 4:
            let boundaries = (0...random.integer(0...3)).map { _ in Double(random.integer(-2...12)) / 4 }
            return .ranges(property: property, boundaries: Set(boundaries).sorted())
        case 5:
            return .histogram(property: property, interval: random.pick([0.1, 0.25, 0.3, 1, 2, 5, 1e4, 1e300]))
        case 6...7:
            return .dates(property: random.pick(["datetime", property]), random.pick(CalendarInterval.allCases))
        default:
            return .cells(
                random.chance(50)
                    ? .geohash(random.integer(Grid.geohashPrecisions))
                    : .geotile(random.integer(Grid.geotilePrecisions)))
        }
    }
}
