import CQL2
import ItemFilter
import STACAPI

/// Rows for which a filter is true, and rows that need the Item's body to decide.
struct FilterResult {
    var certain: Bitmap
    /// Disjoint from `certain`.
    var open: Bitmap?

    /// Rows that may match.
    var possible: Bitmap {
        guard let open else { return certain }
        var rows = certain
        rows.formUnion(open)
        return rows
    }
}

extension FilterResult {
    mutating func leaveOpen(_ rows: Bitmap) {
        guard !rows.isEmpty else { return }
        if open == nil { open = rows } else { open?.formUnion(rows) }
    }
}

extension Segment {
    /// Evaluates a filter for which `mayMatch` is true on some rows of the segment.
    ///
    /// - Throws: `CQL2Error` as `Expression.evaluate` does; `SearchAborted.cancelled`.
    func evaluate(
        _ node: FilterPlan.Node, on rows: Bitmap, collection: String, _ budget: SearchBudget
    ) throws -> FilterResult {
        switch node {
        case .leaf(let leaf):
            try budget.proceed()
            return try LeafEvaluation(segment: self, leaf: leaf, collection: collection, budget: budget).result(
                on: rows)
        case .all(let parts):
            var possible = rows
            var open: Bitmap?
            for part in parts {
                if possible.isEmpty { break }
                let result = try evaluate(part, on: possible, collection: collection, budget)
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
                guard mayMatch(part) else { continue }
                let result = try evaluate(part, on: left, collection: collection, budget)
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
    /// Whether a filter can be true of any row, by the segment's ranges of numbers and times alone.
    func mayMatch(_ node: FilterPlan.Node) -> Bool {
        switch node {
        case .all(let parts): return parts.allSatisfy { mayMatch($0) }
        case .any(let parts): return parts.contains { mayMatch($0) }
        case .leaf(let leaf):
            guard case .property(let name, let ranges?) = leaf.shape, !ranges.isComplement, !leaf.isNegated,
                PropertyName.isPlain(name), let column = columns[ColumnName(name)], column.complex == nil,
                column.string == nil, column.bool == nil
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
