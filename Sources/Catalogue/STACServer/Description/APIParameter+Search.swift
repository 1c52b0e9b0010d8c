import JSON
import STACAPI

/// The parameters of searches in a query.
///
/// Source: [STAC API - Item Search, query parameters](https://github.com/radiantearth/stac-api-spec/blob/v1.0.0/item-search/README.md#query-parameter-table).
extension APIParameter {
    private static let strings: JSONValue = ["type": "array", "items": ["type": "string", "minLength": 1]]

    static let collections = APIParameter("collections", "Ids of Collections", form: .list, strings)

    /// The parameters that select Items.
    static let conditions: [APIParameter] = [
        APIParameter("ids", "Ids", form: .list, strings),
        APIParameter(
            "bbox",
            "West, south, east, north in degrees (CRS84); six numbers with elevations in metres. West above east "
                + "crosses the antimeridian. Not together with intersects.",
            form: .list, APISchema.boundingBox, example: [10.9, 48.0, 11.9, 48.5]),
        APIParameter(
            "intersects", "A geometry, as GeoJSON. Not together with bbox.", form: .json,
            .reference(to: .geometry), example: ["type": "Point", "coordinates": [11.67, 48.26]]),
        APIParameter(
            "datetime", "An instant, or START/END with .. or nothing for an open side (RFC 3339)",
            APISchema.intervalOrNothing, example: "2020-06-01T00:00:00Z/2020-06-30T23:59:59Z"),
        APIParameter(
            "q", "Words in the texts: with AND, OR, +, -, parentheses and quotes, or a list with commas",
            ["type": "string"], example: "sar OR landsat"),
        APIParameter(
            "query", "Conditions of the Query extension", form: .json, .reference(to: .query),
            example: ["eo:cloud_cover": ["lt": 10]]),
        APIParameter(
            "filter", "A condition in CQL2, in the language of filter-lang", ["type": "string"],
            example: "eo:cloud_cover < 10"),
        APIParameter(
            "filter-lang", "The language of filter",
            [
                "type": "string", "enum": ["cql2-text", "cql2-json"], "default": "cql2-text",
            ]),
        APIParameter(
            "filter-crs", "The coordinates in filter: longitude and latitude only",
            ["type": "string", "enum": .array(SearchRequest.knownCRS.map(JSONValue.init(_:)))]),
    ]

    /// The parameters of paging, sorting and fields.
    static let paging: [APIParameter] = [
        APIParameter(
            "sortby", "Names of properties, each with + (which may be left out) or - before it", form: .list,
            ["type": "array", "items": ["type": "string", "pattern": "^[+-]?[^,]+$"]], example: ["-datetime"]),
        APIParameter(
            "fields", "Members to include; with - before them, to exclude. Nested members with points between.",
            form: .list, ["type": "array", "items": ["type": "string"]], example: ["id", "-links"]),
        APIParameter("token", "From a next or prev link", ["type": "string"]),
    ]

    /// Of Items.
    static func limit(standard: Int, maximum: Int) -> APIParameter {
        APIParameter(
            "limit", "Items on a page; more than \(maximum) means \(maximum)",
            ["type": "integer", "minimum": 1, "default": JSONValue(standard)])
    }

    /// Of Collections.
    static func collectionLimit(standard: Int, maximum: Int) -> APIParameter {
        APIParameter(
            "limit", key: "limit-of-collections", "Collections on a page; more than \(maximum) means \(maximum)",
            ["type": "integer", "minimum": 1, "default": JSONValue(standard)])
    }
}

// MARK: - Aggregation

extension APIParameter {
    static let aggregations = APIParameter(
        "aggregations", "Names of aggregations, as /aggregations lists them", form: .list, strings,
        example: ["total_count", "datetime_frequency"])

    /// The parameters of the aggregations that apply to every Item.
    static let aggregationSettings: [APIParameter] = AvailableAggregation.constant.compactMap { aggregation in
        let name = aggregation.name
        switch aggregation.kind {
        case .fixed: return nil
        case .dates:
            let known = CalendarInterval.allCases.map { JSONValue($0.rawValue) }
            return APIParameter(
                AggregationParameters.interval(name), "The length of the intervals of \(name)",
                ["type": "string", "enum": .array(known), "default": "month"])
        case .histogram(_, let interval):
            return APIParameter(
                AggregationParameters.interval(name), "The width of the intervals of \(name)",
                ["type": "number", "exclusiveMinimum": 0, "default": JSONValue(interval)])
        case .geohash: return precision(name, Grid.geohashPrecisions, "Characters of the geohashes")
        case .geotile: return precision(name, Grid.geotilePrecisions, "The zoom level of the tiles")
        }
    }

    private static func precision(
        _ aggregation: String, _ range: ClosedRange<Int>, _ meaning: String
    ) -> APIParameter {
        APIParameter(
            AggregationParameters.precision(aggregation), "\(meaning) of \(aggregation)",
            [
                "type": "integer", "minimum": JSONValue(range.lowerBound), "maximum": JSONValue(range.upperBound),
                "default": JSONValue(range.lowerBound),
            ])
    }
}
