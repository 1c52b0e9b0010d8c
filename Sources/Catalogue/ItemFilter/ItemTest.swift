import CQL2
import Geo
package import JSON
package import STACAPI
import Temporal

/// Evaluates conditions on Items by their text alone, and returns their sort key values. For one thread.
package struct ItemTest {
    private let conditions: [(condition: SearchCondition, filter: CompiledExpression?)]
    private let areas: [PreparedGeometry]
    private let order: [SortKey]

    /// - Parameter tested: Those of the conditions that `holds` evaluates.
    package init(_ conditions: SearchConditions, _ tested: [SearchCondition]) {
        self.conditions = tested.map { ($0, $0.expression.map { CompiledExpression($0) }) }
        areas = conditions.areas.map { PreparedGeometry($0) }
        order = conditions.order
    }

    /// - Parameter item: Has at least the members that the conditions need.
    /// - Throws: `CQL2Error`.
    package func holds(_ item: JSONElement) throws -> Bool {
        try conditions.allSatisfy { try holds($0.condition, $0.filter, item) }
    }

    private func holds(
        _ condition: SearchCondition, _ filter: CompiledExpression?, _ item: JSONElement
    ) throws -> Bool {
        switch condition {
        case .ranges, .expression: return try filter?.evaluate(ItemPropertyLookup(item)) == true
        case .area(let place): return intersects(areas[place], item)
        case .datetime(let interval):
            guard let times = Self.times(item) else { return false }
            if let end = interval.end, times.first > end { return false }
            if let start = interval.start, times.last < start { return false }
            return true
        case .ids(let ids): return item.member("id")?.string.map { ids.contains(Array($0.utf8)) } ?? false
        case .collections(let ids):
            return item.member("collection")?.string.map { ids.contains(Array($0.utf8)) } ?? false
        case .elevation(let wanted):
            let box = item.member("bbox")?.elements.compactMap(\.double) ?? []
            let range = box.count == 6 ? min(box[2], box[5])...max(box[2], box[5]) : 0...0
            return range.overlaps(wanted)
        }
    }

    /// An Item without a geometry, or with an empty one, intersects nothing.
    private func intersects(_ area: PreparedGeometry, _ item: JSONElement) -> Bool {
        var wkb: [UInt8] = []
        guard let geometry = item.member("geometry"),
            let box = try? FootprintEncoder.appendWKB(geoJSON: geometry, bbox: item.member("bbox"), to: &wkb)
        else { return false }
        switch area.relation(to: box) {
        case .covers: return true
        case .disjoint: return false
        case .undecided: return wkb.withUnsafeBytes { area.intersects(wkb: $0, box: box) }
        }
    }

    /// The first and the last instant of an Item; `nil` when it has none.
    private static func times(_ item: JSONElement) -> (first: Timestamp, last: Timestamp)? {
        guard let properties = item.member("properties") else { return nil }
        let datetime = instant(properties.member("datetime"))
        let start = instant(properties.member("start_datetime"))
        let end = instant(properties.member("end_datetime"))
        guard let first = start ?? datetime, let last = end ?? datetime ?? start else { return nil }
        return (first, last)
    }

    private static func instant(_ element: JSONElement?) -> Timestamp? {
        element.flatMap { $0.kind == .string ? $0.string : nil }.flatMap { Timestamp($0, .lenient) }
    }

    // MARK: Order

    /// The values of the order's keys.
    package func sortValues(_ item: JSONElement) -> [SortValue] {
        let properties = item.member("properties")
        return order.map { key in
            switch PropertyName.normalized(key.property) {
            case "id": .string(item.member("id")?.string ?? "")
            case "collection": .string(item.member("collection")?.string ?? "")
            case "geometry": .missing
            case "datetime":
                (Self.instant(properties?.member("datetime")) ?? Self.instant(properties?.member("start_datetime")))
                    .map { .timestamp($0) } ?? .missing
            case let name: SortValue(properties.flatMap { PropertyName.find(name[...], in: $0) })
            }
        }
    }
}

extension SearchCondition {
    fileprivate var expression: Expression? {
        switch self {
        case .ranges(_, _, let expression), .expression(let expression): expression
        default: nil
        }
    }
}

extension SortValue {
    /// Maximum length, in bytes, of strings that the catalogue's index sorts.
    private static let stringLimit = 4096

    /// The value of a property for sorting; missing for arrays, objects and very long texts.
    package init(_ element: JSONElement?) {
        self = .missing
        guard let element else { return }
        switch element.kind {
        case .bool: self = .bool(element.bool ?? false)
        case .number: if let number = element.double, number.isFinite { self = .number(number) }
        case .string:
            let text = element.string ?? ""
            if let instant = Timestamp(text, .lenient) {
                self = .timestamp(instant)
            } else if text.utf8.count <= Self.stringLimit {
                self = .string(text)
            }
        case .null, .array, .object: break
        }
    }
}
