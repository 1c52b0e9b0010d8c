import CQL2
import Geo
import STACAPI
import Temporal

/// Rows for which a filter is true, and rows for which only the Item's body can tell.
struct FilterResult {
    var certain: Bitmap
    /// Without rows that are in `certain`.
    var open: Bitmap?

    /// Rows that may match.
    var possible: Bitmap {
        guard let open else { return certain }
        var rows = certain
        rows.formUnion(open)
        return rows
    }
}

extension Segment {
    /// Evaluates a filter on some rows of the segment.
    ///
    /// - Throws: `CQL2Error` as `Expression.evaluate` does.
    func evaluate(_ node: FilterPlan.Node, on rows: Bitmap, collection: String) throws -> FilterResult {
        switch node {
        case .leaf(let leaf):
            return try LeafEvaluation(segment: self, leaf: leaf, collection: collection).result(on: rows)
        case .all(let parts):
            // The ranges of a segment's values often tell that nothing matches: a look at all parts before any work.
            guard parts.allSatisfy({ mayMatch($0) }) else { return FilterResult(certain: Bitmap(count: rowCount)) }
            var possible = rows
            var open: Bitmap?
            for part in parts.sorted(by: { $0.cost < $1.cost }) {
                if possible.isEmpty { break }
                let result = try evaluate(part, on: possible, collection: collection)
                possible = result.possible
                if let found = result.open {
                    if open == nil { open = found } else { open?.formUnion(found) }
                }
            }
            open?.formIntersection(possible)
            if let open { possible.subtract(open) }
            return FilterResult(certain: possible, open: open)
        case .any(let parts):
            var left = rows
            var certain = Bitmap(count: rowCount)
            var open: Bitmap?
            for part in parts {
                if left.isEmpty { break }
                let result = try evaluate(part, on: left, collection: collection)
                certain.formUnion(result.certain)
                left.subtract(result.certain)
                if let found = result.open {
                    if open == nil { open = found } else { open?.formUnion(found) }
                }
            }
            open?.subtract(certain)
            return FilterResult(certain: certain, open: open)
        }
    }
}

extension Segment {
    /// Whether a filter can be true of any row, by the ranges of numbers and times in the segment alone.
    func mayMatch(_ node: FilterPlan.Node) -> Bool {
        switch node {
        case .all(let parts): return parts.allSatisfy { mayMatch($0) }
        case .any(let parts): return parts.contains { mayMatch($0) }
        case .leaf(let leaf):
            guard case .property(let name, let ranges?) = leaf.shape, !ranges.isComplement, !leaf.isNegated,
                let column = columns[ColumnName(name)], column.complex == nil, column.string == nil, column.bool == nil
            else { return true }
            if let part = column.number, let wanted = ranges.numbers {
                if wanted.contains(where: { $0.overlaps(part.minimum...part.maximum) }) { return true }
                return column.timestamp != nil
            }
            if let part = column.timestamp, column.number == nil, let wanted = ranges.timestamps {
                return wanted.contains { $0.overlaps(part.minimum...part.maximum) }
            }
            return true
        }
    }
}

extension FilterPlan.Node {
    /// What comes first: cheap and selective before costly.
    fileprivate var cost: Int {
        switch self {
        case .leaf(let leaf):
            switch leaf.shape {
            case .constant: 0
            case .property(_, let ranges): ranges == nil ? 3 : 1
            case .area: 2
            case .several: 4
            }
        case .all(let parts), .any(let parts): 5 + parts.count
        }
    }
}

/// One predicate on one segment.
private struct LeafEvaluation {
    let segment: Segment
    let leaf: FilterLeaf
    let collection: String

    func result(on rows: Bitmap) throws -> FilterResult {
        switch leaf.shape {
        case .constant:
            let isWanted = leaf.accepts(try leaf.expression.evaluate(SingleValueLookup(value: .null)))
            return FilterResult(certain: isWanted ? rows : none)
        case .area(let predicate, let area): return matches(predicate, area, on: rows)
        case .property(let name, let ranges): return try property(name, ranges, on: rows)
        case .several(let names): return try several(names, on: rows)
        }
    }

    private var none: Bitmap { Bitmap(count: segment.rowCount) }

    // MARK: Geometry

    private var locatedRows: Bitmap {
        var located = none
        located.insert(0..<segment.layout.locatedCount)
        return located
    }

    private func matches(_ predicate: SpatialPredicate, _ area: PreparedGeometry, on rows: Bitmap) -> FilterResult {
        var located = rows
        located.formIntersection(locatedRows)
        var result = FilterResult(certain: matches(predicate, area, located: located))
        if leaf.isNegated || predicate == .disjoint || predicate == .equals {
            // Without geometry the predicate is unknown, but an empty geometry is disjoint from all others.
            var unlocated = rows
            unlocated.subtract(located)
            result.leaveOpen(unlocated)
        }
        return result
    }

    private func matches(
        _ predicate: SpatialPredicate, _ area: PreparedGeometry, located: Bitmap
    ) -> Bitmap {
        var located = located
        let isDisjoint = predicate == .disjoint
        let candidates = segment.tree.candidates(for: area)
        var undecided = candidates.undecided
        var touching = candidates.inside
        if predicate != .intersects, !isDisjoint {
            // That a box lies inside says that the two meet, not how.
            undecided.formUnion(candidates.inside)
            touching = none
        }
        undecided.formIntersection(located)
        undecided.filter { row in
            guard let box = segment.box(row) else { return false }
            let geometry = segment.geometry(row)
            return predicate == .intersects || isDisjoint
                ? area.intersects(wkb: geometry, box: box) : area.satisfies(predicate, wkb: geometry, box: box)
        }
        touching.formUnion(undecided)
        if isDisjoint == leaf.isNegated {
            touching.formIntersection(located)
            return touching
        }
        located.subtract(touching)
        return located
    }

    // MARK: One property

    private func property(_ name: String, _ ranges: ValueRanges?, on rows: Bitmap) throws -> FilterResult {
        switch name {
        case "collection": return FilterResult(certain: try holds(.string(collection)) ? rows : none)
        case "id": return FilterResult(certain: try matchingIDs(ranges, on: rows))
        case "geometry": return try geometryPresence(on: rows)
        default: break
        }
        var result = FilterResult(certain: none)
        var left = rows
        if let column = segment.columns[ColumnName(name)] {
            if let part = column.number {
                let present = taking(part.presence, from: &left)
                result.certain.formUnion(try numbers(part, ranges, on: present))
            }
            if let part = column.timestamp {
                let present = taking(part.presence, from: &left)
                try timestamps(part, ranges, on: present, &result)
            }
            if let part = column.string {
                let present = taking(part.presence, from: &left)
                result.certain.formUnion(try strings(part, ranges, on: present))
            }
            if let part = column.bool {
                var present = taking(part.presence, from: &left)
                let wanted = (try holds(.bool(false)), try holds(.bool(true)))
                present.filter { part[$0] ? wanted.1 : wanted.0 }
                result.certain.formUnion(present)
            }
            if let presence = column.complex { result.leaveOpen(taking(presence, from: &left)) }
        }
        result.leaveOpen(takingNested(name, from: &left))
        if !left.isEmpty, try holds(.null) { result.certain.formUnion(left) }
        return result
    }

    private func holds(_ value: CQL2Value) throws -> Bool {
        leaf.accepts(try leaf.expression.evaluate(SingleValueLookup(value: value)))
    }

    private func taking(_ presence: Presence, from left: inout Bitmap) -> Bitmap {
        var present = left
        presence.intersect(&present)
        left.subtract(present)
        return present
    }

    /// Rows where the name is no member, and may lead into an object.
    private func takingNested(_ name: String, from left: inout Bitmap) -> Bitmap {
        if PropertyName.leadsToRoot(name) {
            let all = left
            left = none
            return all
        }
        var nested = none
        for prefix in PropertyName.prefixes(name) {
            guard let presence = segment.columns[ColumnName(prefix)]?.complex else { continue }
            nested.formUnion(taking(presence, from: &left))
        }
        return nested
    }

    private func numbers(_ part: NumberPart, _ ranges: ValueRanges?, on rows: Bitmap) throws -> Bitmap {
        guard let ranges, let numbers = ranges.numbers, numbers.count <= 16 else {
            // Ranges of another type only: not comparable, so unknown.
            if let ranges, ranges.numbers == nil, ranges.timestamps != nil || ranges.strings != nil { return none }
            var kept = rows
            try kept.filter { try holds(.number(part[$0])) }
            return kept
        }
        return inRanges(numbers, isComplement: ranges.isComplement, on: rows) { part.keep($0, in: &$1) }
    }

    private func timestamps(
        _ part: TimestampPart, _ ranges: ValueRanges?, on rows: Bitmap, _ result: inout FilterResult
    ) throws {
        if let ranges, let timestamps = ranges.timestamps {
            let kept = inRanges(timestamps, isComplement: ranges.isComplement, on: rows) { part.keep($0, in: &$1) }
            result.certain.formUnion(kept)
        } else if let ranges, ranges.numbers != nil {
            // Not comparable, so unknown.
        } else if leaf.readsTextAsTime {
            var kept = rows
            try kept.filter { try holds(.timestamp(Timestamp(microseconds: part[$0]))) }
            result.certain.formUnion(kept)
        } else {
            // How the text was written matters.
            result.leaveOpen(rows)
        }
    }

    private func strings(_ part: StringPart, _ ranges: ValueRanges?, on rows: Bitmap) throws -> Bitmap {
        if let ranges, ranges.numbers != nil { return none }
        if let ranges, let strings = ranges.strings, strings.count <= 16 {
            return inRanges(strings, isComplement: ranges.isComplement, on: rows) {
                part.keep(part.dictionary.ranks($0), in: &$1)
            }
        }
        var kept = rows
        if let ranges, let strings = ranges.strings {
            var ranks = Bitmap(count: part.dictionary.count)
            for range in strings { ranks.insert(part.dictionary.ranks(range)) }
            let isWanted = ranges.isComplement == leaf.isNegated
            kept.filter { ranks[part.rank($0)] == isWanted }
        } else if rows.population * 4 < part.dictionary.count {
            try kept.filter { try holds(.string(part[$0])) }
        } else {
            part.keep(try matching(part.dictionary), in: &kept)
        }
        return kept
    }

    /// The ranks of a dictionary's strings for which the predicate holds.
    private func matching(_ dictionary: StringDictionary) throws -> Bitmap {
        var ranks = Bitmap(count: dictionary.count)
        try dictionary.forEach { rank, bytes in
            if try holds(.string(String(decoding: bytes, as: UTF8.self))) { ranks[rank] = true }
            return true
        }
        return ranks
    }

    private func inRanges<Range>(
        _ ranges: [Range], isComplement: Bool, on rows: Bitmap, _ keep: (Range, inout Bitmap) -> Void
    ) -> Bitmap {
        var inside = none
        for range in ranges {
            var kept = rows
            keep(range, &kept)
            if ranges.count == 1 { inside = kept } else { inside.formUnion(kept) }
        }
        guard isComplement != leaf.isNegated else { return inside }
        var outside = rows
        outside.subtract(inside)
        return outside
    }

    private func matchingIDs(_ ranges: ValueRanges?, on rows: Bitmap) throws -> Bitmap {
        var kept = rows
        if let strings = ranges?.strings {
            var ranks = Bitmap(count: segment.rowCount)
            for range in strings { ranks.insert(segment.ids.ranks(range)) }
            let isWanted = (ranges?.isComplement ?? false) == leaf.isNegated
            kept.filter { ranks[Int(segment.idRanks[$0])] == isWanted }
        } else {
            try kept.filter { try holds(.string(segment.id($0))) }
        }
        return kept
    }

    private func geometryPresence(on rows: Bitmap) throws -> FilterResult {
        var located = locatedRows
        var missing = rows
        missing.subtract(located)
        located.formIntersection(rows)
        guard case .isNull = leaf.expression else { return FilterResult(certain: none, open: rows) }
        // An empty geometry has no box and yet is not null: the body tells.
        return FilterResult(certain: leaf.isNegated ? located : none, open: missing)
    }

    // MARK: Several properties

    private func several(_ names: [String], on rows: Bitmap) throws -> FilterResult {
        var columns: [ColumnName: SegmentColumn] = [:]
        for name in names {
            if name == "geometry" || PropertyName.leadsToRoot(name) || !PropertyName.prefixes(name).isEmpty {
                return FilterResult(certain: none, open: rows)
            }
            columns[ColumnName(name)] = segment.columns[ColumnName(name)]
        }
        var result = FilterResult(certain: rows)
        var open = none
        try result.certain.filter { row in
            let lookup = RowLookup(segment: segment, row: row, columns: columns, collection: collection)
            let values = names.map { lookup.value(of: $0) }
            guard leaf.decides(values) else {
                open[row] = true
                return false
            }
            return leaf.accepts(try leaf.expression.evaluate(lookup))
        }
        result.leaveOpen(open)
        return result
    }
}

extension FilterResult {
    fileprivate mutating func leaveOpen(_ rows: Bitmap) {
        guard !rows.isEmpty else { return }
        if open == nil { open = rows } else { open?.formUnion(rows) }
    }
}

extension FilterLeaf {
    /// Whether only the instant of a text that reads as date and time matters, not how it is written.
    fileprivate var readsTextAsTime: Bool {
        switch expression {
        case .temporal, .isNull(.property): true
        default: false
        }
    }

    /// Whether values as columns give them decide, rather than the body.
    fileprivate func decides(_ values: [CQL2Value]) -> Bool {
        var times = 0
        for value in values {
            switch value {
            case .object: return false
            case .timestamp: times += 1
            default: break
            }
        }
        if times == 0 || readsTextAsTime { return true }
        guard case .comparison(_, .property, .property) = expression else { return false }
        return values.allSatisfy { if case .string = $0 { false } else { true } }
    }
}

/// A row's values from columns; `.object` for what columns do not hold.
private struct RowLookup: PropertyLookup {
    let segment: Segment
    let row: Int
    let columns: [ColumnName: SegmentColumn]
    let collection: String

    func value(of property: String) -> CQL2Value {
        let name = PropertyName.normalized(property)
        if name == "id" { return .string(segment.id(row)) }
        if name == "collection" { return .string(collection) }
        guard let column = columns[ColumnName(name)] else { return .null }
        if let complex = column.complex, complex[row] { return .object }
        return switch column.sortValue(row) {
        case .number(let value): .number(value)
        case .timestamp(let value): .timestamp(value)
        case .string(let value): .string(value)
        case .bool(let value): .bool(value)
        case .missing: .null
        }
    }
}

extension StringDictionary {
    /// The ranks of the strings in a range.
    func ranks(_ range: ValueRanges.StringRange) -> Range<Int> {
        var low = 0
        var high = count
        if let lower = range.lower {
            let (rank, isEqual) = lowerBound(lower)
            low = isEqual && !range.includesLower ? rank + 1 : rank
        }
        if let upper = range.upper {
            let (rank, isEqual) = lowerBound(upper)
            high = isEqual && range.includesUpper ? rank + 1 : rank
        }
        return low..<max(low, high)
    }
}
