import Catalogue
import JSON
import STACAPI

/// An aggregation that can be requested by name. Names and types are those of other servers, so that their clients
/// find them.
///
/// Source: [STAC API - Aggregation 0.3.0](https://github.com/stac-api-extensions/aggregation/tree/v0.3.0).
struct AvailableAggregation: Sendable, Hashable {
    /// The computation, with the parameters that a request may set.
    enum Kind: Sendable, Hashable {
        case fixed(Aggregation)
        /// By calendar intervals.
        case dates(property: String)
        /// - Parameter interval: The default.
        case histogram(property: String, interval: Double)
        case geohash
        case geotile
    }

    enum ValueType: String, Sendable, Hashable {
        case integer, datetime, string, numeric
    }

    let name: String
    let kind: Kind
    /// Of the value, or of the keys of buckets.
    let type: ValueType
    let hasBuckets: Bool

    init(_ name: String, _ kind: Kind, _ type: ValueType, hasBuckets: Bool = true) {
        self.name = name
        self.kind = kind
        self.type = type
        self.hasBuckets = hasBuckets
    }
}

extension AvailableAggregation {
    /// Aggregations that apply to every Item.
    static let general = [
        AvailableAggregation("total_count", .fixed(.count), .integer, hasBuckets: false),
        AvailableAggregation("datetime_max", .fixed(.latest), .datetime, hasBuckets: false),
        AvailableAggregation("datetime_min", .fixed(.earliest), .datetime, hasBuckets: false),
        AvailableAggregation("datetime_frequency", .dates(property: "datetime"), .datetime),
        AvailableAggregation("collection_frequency", .fixed(.collections), .string),
        AvailableAggregation("centroid_geohash_grid_frequency", .geohash, .string),
        AvailableAggregation("centroid_geotile_grid_frequency", .geotile, .string),
        // Older names of the same.
        AvailableAggregation("grid_geohash_frequency", .geohash, .string),
        AvailableAggregation("grid_geotile_frequency", .geotile, .string),
    ]

    /// Aggregations that do not depend on the Items' properties.
    static let constant = general + named.map(\.aggregation)

    /// Aggregations with names of their own, by the property that they need.
    static let named: [(property: String, aggregation: AvailableAggregation)] = [
        ("platform", AvailableAggregation("platform_frequency", .fixed(.terms(property: "platform")), .string)),
        ("grid:code", AvailableAggregation("grid_code_frequency", .fixed(.terms(property: "grid:code")), .string)),
        (
            "eo:cloud_cover",
            AvailableAggregation(
                "cloud_cover_frequency",
                .fixed(.ranges(property: "eo:cloud_cover", boundaries: [5, 15, 40])), .numeric)
        ),
        angle("sun_elevation_frequency", of: "view:sun_elevation"),
        angle("sun_azimuth_frequency", of: "view:sun_azimuth"),
        angle("off_nadir_frequency", of: "view:off_nadir"),
    ]

    private static func angle(
        _ name: String, of property: String
    ) -> (property: String, aggregation: AvailableAggregation) {
        (property, AvailableAggregation(name, .histogram(property: property, interval: 5), .numeric))
    }

    /// The aggregations of Items with these properties: each scalar one has its `…_frequency`.
    static func all(for profiles: [PropertyProfile]) -> [AvailableAggregation] {
        var all = general + named.filter { entry in profiles.contains { $0.name == entry.property } }.map(\.aggregation)
        var names = Set(all.map(\.name))
        for profile in profiles {
            guard let aggregation = AvailableAggregation(profile), names.insert(aggregation.name).inserted else {
                continue
            }
            all.append(aggregation)
        }
        return all
    }

    /// - Returns: `nil` for a property that has no scalars.
    private init?(_ profile: PropertyProfile) {
        let name = profile.name + "_frequency"
        if profile.types.contains(.string) {
            self.init(name, .fixed(.terms(property: profile.name)), .string)
        } else if profile.types.contains(.timestamp) {
            self.init(name, .dates(property: profile.name), .datetime)
        } else if let minimum = profile.minimum?.double, let maximum = profile.maximum?.double {
            let isWhole = !profile.types.contains(.number)
            let interval = Self.interval(minimum, maximum, isWhole: isWhole)
            self.init(name, .histogram(property: profile.name, interval: interval), .numeric)
        } else if profile.types.contains(.bool) {
            self.init(name, .fixed(.terms(property: profile.name)), .string)
        } else {
            return nil
        }
    }

    /// 1, 2 or 5 times a power of ten, so that there are some twenty intervals at most.
    static func interval(_ minimum: Double, _ maximum: Double, isWhole: Bool) -> Double {
        // Halves first: the difference of two large numbers may be infinite.
        let least = maximum / 20 - minimum / 20
        guard least > 0 else { return 1 }
        var power = 1.0
        while power > least { power /= 10 }
        while power * 10 <= least { power *= 10 }
        let interval = [power, power * 2, power * 5].first { $0 >= least } ?? power * 10
        return isWhole ? max(1, interval) : interval
    }
}
