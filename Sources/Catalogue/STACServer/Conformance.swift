/// The supported conformance classes, in the old and the new version where clients look for the old one.
enum Conformance {
    static let classes: [String] =
        core + browsing + language + features + itemSearch + freeText + collectionSearch + filter + cql2 + aggregation
        + transactions

    private static let core = ["core", "collections", "ogcapi-features", "item-search"].map {
        "https://api.stacspec.org/v1.0.0/" + $0
    }

    private static let browsing = [
        "https://api.stacspec.org/v1.0.0-rc.2/children", "https://api.stacspec.org/v1.0.0-rc.3/browseable",
    ]

    private static let language = ["https://api.stacspec.org/v1.0.0-rc.2/language"]

    /// The class for OpenAPI 3.1 is of the draft of version 1.1; that of version 1.0 is for OpenAPI 3.0.
    private static let features = ["1.0/conf/core", "1.0/conf/geojson", "1.1/conf/oas31"].map {
        "http://www.opengis.net/spec/ogcapi-features-1/" + $0
    }

    private static let itemSearch = [
        "https://api.stacspec.org/v1.0.0/item-search#fields", "https://api.stacspec.org/v1.0.0/ogcapi-features#fields",
        "https://api.stacspec.org/v1.0.0/item-search#query", "https://api.stacspec.org/v1.0.0/ogcapi-features#query",
        "https://api.stacspec.org/v1.0.0/item-search#sort", "https://api.stacspec.org/v1.0.0/ogcapi-features#sort",
        "https://api.stacspec.org/v1.1.0/item-search#sort", "https://api.stacspec.org/v1.1.0/ogcapi-features#sort",
        "https://api.stacspec.org/v1.1.0/item-search#sortables",
        "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/sortables",
    ]

    private static let freeText = ["item-search", "ogcapi-features", "collection-search"].flatMap { part in
        ["free-text", "advanced-free-text"].map { "https://api.stacspec.org/v1.0.0-rc.1/\(part)#\($0)" }
    }

    private static let collectionSearch =
        ["", "#fields", "#filter", "#query", "#sort"].map {
            "https://api.stacspec.org/v1.0.0-rc.1/collection-search" + $0
        }
        + ["sort", "sortables"].map { "https://api.stacspec.org/v1.1.0/collection-search#" + $0 }
        + ["http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/simple-query"]

    private static let filter =
        ["filter", "features-filter", "queryables"].map {
            "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/" + $0
        }
        + ["v1.0.0-rc.2", "v1.0.0-rc.3", "v1.0.0-rc.4"].map { "https://api.stacspec.org/\($0)/item-search#filter" }

    private static let cql2 = [
        "cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison",
        "accent-insensitive-comparison", "basic-spatial-functions", "basic-spatial-functions-plus",
        "spatial-functions", "temporal-functions", "array-functions", "property-property", "arithmetic",
    ].map { "http://www.opengis.net/spec/cql2/1.0/conf/" + $0 }

    private static let aggregation = ["", "#query", "#filter"].map {
        "https://api.stacspec.org/v0.3.0/aggregation" + $0
    }

    private static let transactions = [
        "https://api.stacspec.org/v1.0.0-rc.3/ogcapi-features/extensions/transaction",
        "https://api.stacspec.org/v1.0.0-rc.2/ogcapi-features/extensions/transaction",
        "https://api.stacspec.org/v1.0.0/ogcapi-features/extensions/transaction",
        "https://api.stacspec.org/v1.0.0/collections/extensions/transaction",
        "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/create-replace-delete",
        "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/update",
        "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/features",
        // Names of earlier drafts.
        "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/simpletx",
    ]
}
