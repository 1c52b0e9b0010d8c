import CQL2
import ItemFilter
import Temporal

extension LeafEvaluation {
    func property(_ name: String, _ ranges: ValueRanges?, on rows: Bitmap) throws -> FilterResult {
        switch name {
        case "collection": return FilterResult(certain: try holds(.string(collection)) ? rows : none)
        case "id": return FilterResult(certain: try matchingIDs(ranges, on: rows))
        case "geometry": return try geometryPresence(on: rows)
        default: break
        }
        var result = FilterResult(certain: none)
        var left = rows
        if let column = segment.column(named: ColumnName(name)) {
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
        leaf.accepts(try leaf.compiled.evaluate(SingleValueLookup(value: value)))
    }

    private func taking(_ presence: Presence, from left: inout Bitmap) -> Bitmap {
        var present = left
        presence.intersect(&present)
        left.subtract(present)
        return present
    }

    /// Rows where the name is not a member, but may lead into an object.
    private func takingNested(_ name: String, from left: inout Bitmap) -> Bitmap {
        if PropertyName.leadsToRoot(name) {
            let all = left
            left = none
            return all
        }
        var nested = none
        for prefix in PropertyName.prefixes(name) {
            guard let presence = segment.column(named: ColumnName(prefix))?.complex else { continue }
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
            // The spelling of the text matters.
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
            let isWanted =
                if let pattern = leaf.pattern {
                    leaf.accepts(pattern.matches(bytes))
                } else {
                    try holds(.string(String(decoding: bytes, as: UTF8.self)))
                }
            if isWanted { ranks[rank] = true }
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
            let idRanks = segment.idRanks
            kept.filter { ranks[Int(idRanks[$0])] == isWanted }
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
        guard case .isNull(.property) = leaf.expression else { return FilterResult(certain: none, open: rows) }
        // An empty geometry has no box and yet is not null: the body decides.
        return FilterResult(certain: leaf.isNegated ? located : none, open: missing)
    }
}
