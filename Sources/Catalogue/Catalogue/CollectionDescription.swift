import Checksum
import Geo
import JSON
import SearchIndex
import Temporal

/// The members of a Collection that are derived from its Items: the extent, summaries, and the number of Items.
///
/// They are added to responses and never stored. `terrabyte:derived` names them with checksums, so that a client that
/// writes back a Collection does not make them its own.
struct CollectionDescription {
    private let summary: CollectionSummary

    init(_ summary: CollectionSummary) {
        self.summary = summary
    }

    static let markName = "terrabyte:derived"
    /// Source: [STAC Stats extension 0.2.0](https://github.com/stac-extensions/stats).
    static let countName = "stats:items"
    static let statsExtension = "https://stac-extensions.github.io/stats/v0.2.0/schema.json"

    // MARK: Output

    func added(to stored: JSONObject) -> JSONObject {
        var collection = stored
        var extensions = stored["stac_extensions"]?.array ?? []
        if !extensions.contains(.string(Self.statsExtension)) { extensions.append(.string(Self.statsExtension)) }
        collection["stac_extensions"] = .array(extensions)
        if let interval = summary.interval {
            var marks = JSONObject()
            collection["extent"] = extent(stored["extent"]?.object ?? [:], interval)
            marks["extent"] = collection["extent"]?.mark
            let derived = derivedSummaries(stored["summaries"]?.object ?? [:])
            if !derived.isEmpty {
                var summaries = stored["summaries"]?.object ?? [:]
                var summaryMarks = JSONObject()
                for member in derived {
                    summaries[member.name] = member.value
                    summaryMarks[member.name] = member.value.mark
                }
                collection["summaries"] = .object(summaries)
                marks["summaries"] = .object(summaryMarks)
            }
            collection[Self.markName] = .object(marks)
        }
        collection[Self.countName] = ["count": JSONValue(summary.itemCount)]
        return collection
    }

    private func extent(_ stored: JSONObject, _ interval: ClosedRange<Timestamp>) -> JSONValue {
        var extent = stored
        if let bbox = summary.bbox {
            extent["spatial"] = ["bbox": [.array(bbox.numbers.map { JSONValue($0) })]]
        }
        let bounds = [interval.lowerBound, interval.upperBound].map { JSONValue.string($0.description) }
        extent["temporal"] = ["interval": [.array(bounds)]]
        return .object(extent)
    }

    /// Summaries that are better derived from Items, and those that the curator has not written.
    private func derivedSummaries(_ stored: JSONObject) -> JSONObject {
        var derived = JSONObject()
        for column in summary.properties where !Self.times.contains(column.name) {
            let profile = PropertyProfile(column)
            let written = stored[profile.name]
            if let values = profile.values {
                // Other lists or descriptions of the curator have another meaning. For names whose values hardly any
                // two Items share, a list is no summary.
                let isListed = written?.array?.allSatisfy { $0.string != nil } ?? false
                let isWorthIt = values.count <= max(1, summary.itemCount / 2)
                if isListed || (written == nil && isWorthIt) { derived[profile.name] = .array(values) }
            } else if let minimum = profile.minimum, let maximum = profile.maximum {
                let isRange = written?.object.map { $0["minimum"] != nil && $0["maximum"] != nil } ?? false
                if isRange || written == nil {
                    derived[profile.name] = ["minimum": minimum, "maximum": maximum]
                }
            }
        }
        return derived
    }

    /// The extent covers the first three; Collections are not searched by the others.
    private static let times: Set<String> = [
        "datetime", "start_datetime", "end_datetime", "created", "updated", "published", "expires",
    ]

    // MARK: Input

    /// A Collection to be written, without the members that `added` has added to it.
    ///
    /// - Parameter stored: The stored Collection with the same id.
    static func removed(from given: JSONObject, _ stored: JSONObject?) -> JSONObject {
        var collection = given
        let marks = given[markName]
        collection[markName] = nil
        collection[countName] = nil
        if let extensions = given["stac_extensions"]?.array,
            !collection.contains(where: { $0.name.hasPrefix("stats:") })
        {
            let left = extensions.filter {
                !($0.string?.hasPrefix("https://stac-extensions.github.io/stats/") ?? false)
            }
            let isStored = stored.map { $0["stac_extensions"] != nil } ?? true
            collection["stac_extensions"] = left.isEmpty && !isStored ? nil : .array(left)
        }
        if let mark = marks?["extent"], given["extent"]?.mark == mark, let extent = stored?["extent"] {
            collection["extent"] = extent
        }
        if var summaries = given["summaries"]?.object, let marks = marks?["summaries"]?.object {
            for member in marks where summaries[member.name]?.mark == member.value {
                summaries[member.name] = stored?["summaries"]?[member.name]
            }
            let isStored = stored?["summaries"] != nil
            collection["summaries"] = summaries.isEmpty && !isStored ? nil : .object(summaries)
        }
        return collection
    }
}

extension JSONValue {
    /// A checksum that is independent of the notation of numbers and times and of the order of members.
    fileprivate var mark: JSONValue {
        var text: [UInt8] = []
        appendUniform(to: &text)
        return .string(String(text.withUnsafeBytes(XXHash64.hash), radix: 16))
    }

    /// Appends a canonical text of the value.
    private func appendUniform(to text: inout [UInt8]) {
        func add(_ part: String) { text.append(contentsOf: part.utf8) }
        switch self {
        case .null: add("n")
        case .bool(let value): add(value ? "t" : "f")
        case .number(let number): add("#\(number.double)")
        case .string(let string): add("\"\(Timestamp(string, .lenient)?.description ?? string)\"")
        case .array(let elements):
            add("[")
            for element in elements { element.appendUniform(to: &text) }
            add("]")
        case .object(let object):
            add("{")
            for name in object.names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
                add("\"\(name)\":")
                object[name]?.appendUniform(to: &text)
            }
            add("}")
        }
    }
}
