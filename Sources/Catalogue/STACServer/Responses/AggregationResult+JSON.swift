import JSON
import STACAPI
import Temporal

extension AggregationResult {
    /// Appends the Aggregation object of a response: thousands of buckets are written as they are, without a value for
    /// each.
    ///
    /// Source: [STAC API - Aggregation 0.3.0, Aggregation fields](https://github.com/stac-api-extensions/aggregation/tree/v0.3.0#aggregation-fields).
    func write(_ available: AvailableAggregation, _ aggregation: Aggregation, to output: inout [UInt8]) {
        output.append(contentsOf: "{\"name\":".utf8)
        writeJSONString(available.name, to: &output)
        output.append(contentsOf: ",\"data_type\":".utf8)
        switch self {
        case .count(let count):
            writeJSONString(available.type.rawValue, to: &output)
            output.append(contentsOf: ",\"value\":\(count)".utf8)
        case .time(let time):
            writeJSONString(available.type.rawValue, to: &output)
            output.append(contentsOf: ",\"value\":".utf8)
            (time.map { JSONValue.string($0.description) } ?? .null).write(to: &output)
        case .buckets(let buckets, let overflow):
            output.append(contentsOf: "\"frequency_distribution\"".utf8)
            switch aggregation {
            case .dates(_, let interval):
                output.append(contentsOf: ",\"interval\":".utf8)
                writeJSONString(interval.rawValue, to: &output)
            case .histogram(_, let interval):
                output.append(contentsOf: ",\"interval\":".utf8)
                JSONValue(interval).write(to: &output)
            default: break
            }
            output.append(contentsOf: ",\"buckets\":[".utf8)
            let type = Array(",\"data_type\":\"\(available.type.rawValue)\",\"frequency\":".utf8)
            // An array that grows to a megabyte would be reallocated and copied ten times.
            output.reserveCapacity(buckets.reduce(output.count + 1_024) { $0 + $1.byteCount(type) })
            for (index, bucket) in buckets.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                bucket.write(type, to: &output)
            }
            output.append(contentsOf: "],\"overflow\":\(overflow)".utf8)
        }
        output.append(UInt8(ascii: "}"))
    }
}

extension AggregationResult.Bucket {
    /// About as many bytes as are written.
    fileprivate func byteCount(_ type: [UInt8]) -> Int {
        // {"key":"",} and a frequency; bounds twice where there are any.
        if case .text(let text) = key { text.utf8.count + type.count + 20 } else { 100 + type.count }
    }

    /// - Parameter type: The text between the key and the frequency.
    fileprivate func write(_ type: [UInt8], to output: inout [UInt8]) {
        output.append(contentsOf: "{\"key\":".utf8)
        switch key {
        case .text(let text): writeJSONString(text, to: &output)
        case .time(let time): writeJSONString(time.description, to: &output)
        case .range(let from, let to):
            writeJSONString("\(from.map { "\($0)" } ?? "*")-\(to.map { "\($0)" } ?? "*")", to: &output)
            for (name, bound) in [("from", from), ("to", to)] {
                guard let bound else { continue }
                output.append(contentsOf: ",\"\(name)\":".utf8)
                JSONValue(bound).write(to: &output)
            }
        }
        output.append(contentsOf: type)
        output.append(contentsOf: String(frequency).utf8)
        output.append(UInt8(ascii: "}"))
    }
}
