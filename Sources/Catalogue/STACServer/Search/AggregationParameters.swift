import JSON
import STACAPI

/// The aggregations that a request names, with their parameters: `aggregations`, and `NAME_interval` or
/// `NAME_precision` where one exists.
struct AggregationParameters: Sendable {
    /// In the order of the request, each once.
    let names: [String]
    private let settings: [String: String]

    /// From the query of a URL: names with commas between them, or as JSON array, as other servers take them.
    init(query: [QueryPair]) throws(InvalidParameter) {
        var names: [String] = []
        for pair in query where pair.name == "aggregations" {
            if pair.value.hasPrefix("["), let json = try? JSONValue(parsing: pair.value) {
                names += try Self.names(json)
            } else {
                names += pair.value.split(separator: ",").map(String.init)
            }
        }
        self.names = try Self.unique(names)
        settings = Dictionary(query.map { ($0.name, $0.value) }) { $1 }
    }

    init(body: JSONObject) throws(InvalidParameter) {
        names = try Self.unique(
            body["aggregations"].map { json throws(InvalidParameter) in try Self.names(json) } ?? [])
        var settings: [String: String] = [:]
        for member in body {
            switch member.value {
            case .string(let text): settings[member.name] = text
            case .number(let number): settings[member.name] = number.text
            default: break
            }
        }
        self.settings = settings
    }

    private static func names(_ json: JSONValue) throws(InvalidParameter) -> [String] {
        if json.isNull { return [] }
        if let name = json.string { return [name] }
        guard let array = json.array, case let names = array.compactMap(\.string), names.count == array.count else {
            throw InvalidParameter("aggregations", "must be an array of strings")
        }
        return names
    }

    private static func unique(_ names: [String]) throws(InvalidParameter) -> [String] {
        try RequestLimits.check(
            names.count, RequestLimits.aggregationCount, of: "names", in: "aggregations")
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    /// The computation for a name.
    func aggregation(_ available: AvailableAggregation) throws(InvalidParameter) -> Aggregation {
        switch available.kind {
        case .fixed(let aggregation): aggregation
        case .dates(let property): .dates(property: property, try calendarInterval(available.name))
        case .histogram(let property, let interval):
            .histogram(property: property, interval: try width(available.name) ?? interval)
        case .geohash: .cells(.geohash(try precision(available.name, in: Grid.geohashPrecisions)))
        case .geotile: .cells(.geotile(try precision(available.name, in: Grid.geotilePrecisions)))
        }
    }

    private func setting(_ name: String) -> String? { settings[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// A month by default, as with other servers.
    private func calendarInterval(_ aggregation: String) throws(InvalidParameter) -> CalendarInterval {
        let name = Self.interval(aggregation)
        guard let text = setting(name) else { return .month }
        guard let interval = CalendarInterval(rawValue: text) else {
            let known = CalendarInterval.allCases.map(\.rawValue).joined(separator: ", ")
            throw InvalidParameter(name, "must be one of \(known), not '\(text)'")
        }
        return interval
    }

    private func width(_ aggregation: String) throws(InvalidParameter) -> Double? {
        let name = Self.interval(aggregation)
        guard let text = setting(name) else { return nil }
        guard let width = JSONNumber(text)?.double, width.isNormal, width > 0 else {
            throw InvalidParameter(name, "must be a number above 0, not '\(text)'")
        }
        return width
    }

    /// The coarsest by default, as with other servers.
    private func precision(_ aggregation: String, in range: ClosedRange<Int>) throws(InvalidParameter) -> Int {
        let name = Self.precision(aggregation)
        guard let text = setting(name) else { return range.lowerBound }
        guard let precision = JSONNumber(text)?.int, range.contains(precision) else {
            throw InvalidParameter(
                name, "must be a whole number from \(range.lowerBound) to \(range.upperBound), not '\(text)'")
        }
        return precision
    }

    /// Of all parameters but those that depend on the Items' properties.
    static let allNames = ["aggregations"] + APIParameter.aggregationSettings.map(\.name)

    /// The parameter that chooses an aggregation's interval.
    static func interval(_ aggregation: String) -> String { aggregation + "_interval" }

    /// The parameter that chooses how fine an aggregation's grid is.
    static func precision(_ aggregation: String) -> String { aggregation + "_precision" }
}
