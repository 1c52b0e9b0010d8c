import JSON
import STACAPI
import Temporal

extension AggregationResult {
    /// The Aggregation object of an answer.
    ///
    /// Source: [STAC API - Aggregation 0.3.0, Aggregation fields](https://github.com/stac-api-extensions/aggregation/tree/v0.3.0#aggregation-fields).
    func json(_ available: AvailableAggregation, _ aggregation: Aggregation) -> JSONValue {
        var object: JSONObject = ["name": .string(available.name)]
        switch self {
        case .count(let count):
            object["data_type"] = .string(available.type.rawValue)
            object["value"] = JSONValue(count)
        case .time(let time):
            object["data_type"] = .string(available.type.rawValue)
            object["value"] = time.map { .string($0.description) } ?? .null
        case .buckets(let buckets, let overflow):
            object["data_type"] = "frequency_distribution"
            switch aggregation {
            case .dates(_, let interval): object["interval"] = .string(interval.rawValue)
            case .histogram(_, let interval): object["interval"] = JSONValue(interval)
            default: break
            }
            object["buckets"] = .array(buckets.map { $0.json(available.type) })
            object["overflow"] = JSONValue(overflow)
        }
        return .object(object)
    }
}

extension AggregationResult.Bucket {
    fileprivate func json(_ type: AvailableAggregation.ValueType) -> JSONValue {
        var object = JSONObject()
        switch key {
        case .text(let text): object["key"] = .string(text)
        case .time(let time): object["key"] = .string(time.description)
        case .range(let from, let to):
            object["key"] = .string("\(from.map { "\($0)" } ?? "*")-\(to.map { "\($0)" } ?? "*")")
            if let from { object["from"] = JSONValue(from) }
            if let to { object["to"] = JSONValue(to) }
        }
        object["data_type"] = .string(type.rawValue)
        object["frequency"] = JSONValue(frequency)
        return .object(object)
    }
}
