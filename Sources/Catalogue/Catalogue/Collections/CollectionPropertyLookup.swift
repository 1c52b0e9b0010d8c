import CQL2
import Geo
import ItemFilter
import JSON
import STACAPI
import Temporal

/// A Collection's values for filters and sort keys: members by their names, with dots into nested objects
/// (`summaries.platform`); `geometry` and `datetime` are its extent, `start_datetime` and `end_datetime` its ends.
struct CollectionPropertyLookup: PropertyLookup {
    let entry: CollectionEntry
    /// `nil` if `isAnswered` is true for all requested names.
    let collection: JSONElement?

    /// Whether a name's value is known without the Collection's text.
    static func isAnswered(_ property: String, for entry: CollectionEntry) -> Bool {
        let name = PropertyName.normalized(property)
        if virtualNames.contains(name) || entry.scalars[name] != nil { return true }
        return !entry.structures.contains(String(name.prefix { $0 != "." })) && !name.contains(".")
    }

    private static let virtualNames: Set<String> = [
        "id", "collection", "geometry", "datetime", "start_datetime", "end_datetime",
    ]

    func value(of property: String) -> CQL2Value {
        switch PropertyName.normalized(property) {
        case "id", "collection": .string(entry.stored.id)
        case "geometry": geometry
        case "datetime": entry.intervals.first.map { .interval(start: $0.start, end: $0.end) } ?? .null
        case "start_datetime": entry.intervals.first?.start.map(CQL2Value.timestamp) ?? .null
        case "end_datetime": entry.intervals.first?.end.map(CQL2Value.timestamp) ?? .null
        case let name:
            entry.scalars[name] ?? collection.flatMap { PropertyName.find(name[...], in: $0) }.map { CQL2Value($0) }
                ?? .null
        }
    }

    func sortValue(of property: String) -> SortValue {
        let name = PropertyName.normalized(property)
        return switch value(of: name == "datetime" ? "start_datetime" : name) {
        case .bool(let value): .bool(value)
        case .number(let value) where value.isFinite: .number(value)
        case .timestamp(let value): .timestamp(value)
        case .string(let text): Timestamp(text, .lenient).map(SortValue.timestamp) ?? .string(text)
        default: .missing
        }
    }

    private var geometry: CQL2Value {
        let polygons = entry.boxes.compactMap { box -> [[Position]]? in
            if case .polygon(let rings) = Geometry(box.box) { rings } else { nil }
        }
        return polygons.isEmpty ? .null : .geometry(.multiPolygon(polygons))
    }
}
