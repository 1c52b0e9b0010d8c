import CQL2
import Geo
import ItemFilter
import STACAPI

/// One predicate on one segment.
struct LeafEvaluation {
    let segment: Segment
    let leaf: FilterLeaf
    let collection: String
    let budget: SearchBudget

    func result(on rows: Bitmap) throws -> FilterResult {
        switch leaf.shape {
        case .constant:
            let isWanted = leaf.accepts(try leaf.compiled.evaluate(SingleValueLookup(value: .null)))
            return FilterResult(certain: isWanted ? rows : none)
        case .area(let predicate, let area): return matches(predicate, area, on: rows)
        case .property(let name, let ranges): return try property(name, ranges, on: rows)
        case .several(let names): return try several(names, on: rows)
        }
    }

    var none: Bitmap { Bitmap(count: segment.rowCount) }

    // MARK: Geometry

    var locatedRows: Bitmap {
        var located = none
        located.insert(0..<segment.layout.locatedCount)
        return located
    }

    private func matches(_ predicate: SpatialPredicate, _ area: SearchArea, on rows: Bitmap) -> FilterResult {
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
        _ predicate: SpatialPredicate, _ area: SearchArea, located: Bitmap
    ) -> Bitmap {
        var located = located
        let isDisjoint = predicate == .disjoint
        let candidates = segment.candidates(for: area)
        var undecided = candidates.undecided
        var touching = candidates.inside
        if predicate != .intersects, !isDisjoint {
            // A contained box shows that the two intersect, not the exact relation.
            undecided.formUnion(candidates.inside)
            touching = none
        }
        undecided.formIntersection(located)
        if predicate == .intersects || isDisjoint {
            undecided = segment.rows(undecided, intersecting: area)
        } else {
            undecided.filter { row in
                guard let box = segment.box(row), !Interruption.isRequested else { return false }
                return area.prepared.satisfies(predicate, wkb: segment.geometry(row), box: box)
            }
        }
        touching.formUnion(undecided)
        if isDisjoint == leaf.isNegated {
            touching.formIntersection(located)
            return touching
        }
        located.subtract(touching)
        return located
    }

    // MARK: Several properties

    private func several(_ names: [String], on rows: Bitmap) throws -> FilterResult {
        var columns: [ColumnName: SegmentColumn] = [:]
        for name in names {
            if name == "geometry" || PropertyName.leadsToRoot(name) || !PropertyName.prefixes(name).isEmpty {
                return FilterResult(certain: none, open: rows)
            }
            columns[ColumnName(name)] = segment.column(named: ColumnName(name))
        }
        var result = FilterResult(certain: rows)
        var open = none
        try result.certain.filter { row in
            try budget.proceed(at: row)
            let lookup = RowLookup(segment: segment, row: row, columns: columns, collection: collection)
            let values = names.map { lookup.value(of: $0) }
            guard leaf.decides(values) else {
                open[row] = true
                return false
            }
            return leaf.accepts(try leaf.compiled.evaluate(lookup))
        }
        result.leaveOpen(open)
        return result
    }
}
