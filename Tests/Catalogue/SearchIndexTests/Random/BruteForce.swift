import CQL2
import Geo
import ItemFilter
import JSON
import STACAPI
import SearchIndex
import Temporal
import TestKit

/// An Item as the reference sees it.
final class Item {
    let version: CatalogueHistory.Version
    let json: JSONElement
    private(set) lazy var geometry: Geometry? = json["geometry"].flatMap {
        try? Geometry(geoJSON: $0).normalized(in: json["bbox"].flatMap { BoundingBox($0) })
    }

    init(version: CatalogueHistory.Version, json: JSONElement) {
        self.version = version
        self.json = json
    }

    var sequence: Int64 { version.sequence }
}

/// The response to a search, found by looking at each Item.
struct BruteForce {
    /// All that match, in order.
    let ordered: [Item]
    let keys: [SortKey]

    init(_ request: SearchRequest, over items: [Item]) throws {
        let area = request.area.map { $0.normalized() }
        keys = SortKey.effective(request.sortBy)
        let keys = keys
        ordered = try items.filter { try Self.matches($0, request, area) }
            .map { item in (item: item, values: keys.map { Self.value($0, item) }) }
            .sorted { Self.precedes($0.values, $1.values, keys) }
            .map(\.item)
    }

    private static func matches(_ item: Item, _ request: SearchRequest, _ area: Geometry?) throws -> Bool {
        if let collections = request.collections, !collections.contains(where: { isSame($0, item.version.key.id) }) {
            return false
        }
        if let ids = request.ids, !ids.contains(where: { isSame($0, item.version.id) }) { return false }
        if let area, !(item.geometry?.satisfies(.intersects, area) ?? false) { return false }
        if let elevation = request.elevation {
            let bbox = item.json["bbox"]?.elements.compactMap(\.double) ?? []
            let range = bbox.count == 6 ? bbox[2]...bbox[5] : 0...0
            if !range.overlaps(elevation) { return false }
        }
        if let datetime = request.datetime {
            let instant = time(item, "datetime")
            // Every Item has one or the other.
            let (start, end) = ((time(item, "start_datetime") ?? instant)!, (time(item, "end_datetime") ?? instant)!)
            if let last = datetime.end, start > last { return false }
            if let first = datetime.start, end < first { return false }
        }
        if let text = request.text, !ItemWords(item).meet(text) { return false }
        return try request.filter.map { try $0.evaluate(ItemPropertyLookup(item.json)) == true } ?? true
    }

    private static func isSame(_ left: String, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }

    private static func time(_ item: Item, _ name: String) -> Timestamp? {
        item.json["properties"]?[name]?.string.flatMap { Timestamp($0, .lenient) }
    }

    /// What Items are sorted by.
    static func time(_ item: Item) -> Timestamp? { time(item, "datetime") ?? time(item, "start_datetime") }

    private static func value(_ key: SortKey, _ item: Item) -> SortValue {
        let prefix = "properties."
        let name = key.property.hasPrefix(prefix) ? String(key.property.dropFirst(prefix.count)) : key.property
        switch name {
        case "id": return .string(item.version.id)
        case "collection": return .string(item.version.key.id)
        case "geometry": return .missing
        case "datetime":
            return time(item).map(SortValue.timestamp) ?? .missing
        default: break
        }
        guard let value = item.json["properties"].flatMap({ PropertyName.find(name[...], in: $0) }) else {
            return .missing
        }
        switch value.kind {
        case .bool: return .bool(value.bool == true)
        case .number: return value.double.flatMap { $0.isFinite ? .number($0) : nil } ?? .missing
        case .string:
            let text = value.string ?? ""
            if let timestamp = Timestamp(text, .lenient) { return .timestamp(timestamp) }
            return text.utf8.count > 4096 ? .missing : .string(text)
        case .null, .array, .object: return .missing
        }
    }

    private static func precedes(_ left: [SortValue], _ right: [SortValue], _ keys: [SortKey]) -> Bool {
        for (index, key) in keys.enumerated() {
            if let result = left[index].precedes(right[index], key.direction) { return result }
        }
        return false
    }

    /// The page that a cursor leads to, by the sequences of its Items.
    func page(_ cursor: SearchCursor?, limit: Int) -> [Int64] {
        guard let cursor else { return ordered.prefix(limit).map(\.sequence) }
        switch cursor.direction {
        case .forward:
            return ordered.filter { item in Self.precedes(cursor.values, keys.map { Self.value($0, item) }, keys) }
                .prefix(limit).map(\.sequence)
        case .backward:
            return ordered.filter { item in Self.precedes(keys.map { Self.value($0, item) }, cursor.values, keys) }
                .suffix(limit).map(\.sequence)
        }
    }

    /// A place in the order that is not necessarily that of any Item.
    func place(_ direction: SearchCursor.Direction, among items: [Item], _ random: inout SeededGenerator)
        -> SearchCursor?
    {
        guard !items.isEmpty else { return nil }
        // The values of several Items, mixed.
        return SearchCursor(direction, keys.map { Self.value($0, random.pick(items)) })
    }
}
