import CQL2
import Temporal

extension SQLTranslation {
    func related(
        _ temporal: TemporalOperator, _ left: Operand, _ right: Operand, isRequired: Bool
    ) throws(SQLTranslationError) -> SQLFragment {
        guard let left = try extent(left), let right = try extent(right) else { return constant(nil) }
        let conditions = temporal.conditions(left, right).map { symbol($0.comparison, $0.left, $0.right) }
        let isEither = temporal == .disjoint
        let result =
            conditions.count == 1
            ? conditions[0] : SQLFragment(joining: conditions, by: isEither ? " OR " : " AND ")
        // Where a bound is null, the result is unknown, even if the operator does not use that bound.
        var bounds: [SQLFragment] = []
        for case let bound? in [left.start, left.end, right.start, right.end].map(\.fragment)
        where !bounds.contains(bound) {
            bounds.append(bound)
        }
        guard bounds.count > 1 else { return result }
        let areKnown = SQLFragment(joining: bounds.map { "\($0) IS NOT NULL" }, by: " AND ")
        return isRequired ? "\(areKnown) AND (\(result))" : "CASE WHEN \(areKnown) THEN \(result) END"
    }

    /// - Returns: `nil` when the operand cannot be a time.
    private func extent(_ operand: Operand) throws(SQLTranslationError) -> (start: SQLInstant, end: SQLInstant)? {
        if case .interval(let start, let end) = operand {
            guard let start = try bound(start, open: .min), let end = try bound(end, open: .max) else { return nil }
            return (start, end)
        }
        let term = try term(operand)
        if let constant = term.constant {
            return TemporalExtent(constant).map { (.constant($0.start), .constant($0.end)) }
        }
        if term.isAssumed { throw .typeNeeded(property: term.name) }
        if term.time == nil, term.string != nil, case .property = operand {
            // A text may also be an interval, such as '2020-01-01/..'.
            return textExtent(term.string!)
        }
        return instant(term).map { ($0, $0) }
    }

    private func bound(_ bound: IntervalBound, open: Int64) throws(SQLTranslationError) -> SQLInstant? {
        switch bound {
        case .open: return .constant(open)
        case .date(let literal), .timestamp(let literal): return .constant(literal.instant.microseconds)
        case .computed(let operand):
            let term = try term(operand)
            if term.isAssumed { throw .typeNeeded(property: term.name) }
            guard term.time == nil, let text = term.string else { return instant(term) }
            return .microseconds(
                "CASE WHEN \(text) = '..' THEN \(.integer(open)) ELSE \(microseconds(ofText: text)) END")
        }
    }

    /// The bounds of a text that is an instant, or an interval with one slash.
    private func textExtent(_ text: SQLFragment) -> (start: SQLInstant, end: SQLInstant) {
        let slash: SQLFragment = dialect == .postgresql ? "position('/' IN \(text))" : "instr(\(text), '/')"
        func end(_ part: SQLFragment, open: Int64) -> SQLFragment {
            "CASE WHEN \(part) IN ('', '..') THEN \(.integer(open)) ELSE \(microseconds(ofText: part)) END"
        }
        let instant = microseconds(ofText: text)
        let (first, last): (SQLFragment, SQLFragment) = (
            "substr(\(text), 1, \(slash) - 1)", "substr(\(text), \(slash) + 1)"
        )
        // Each bound is known only where the other one is.
        let start = end(first, open: .min)
        let stop = end(last, open: .max)
        return (
            .microseconds(
                "CASE WHEN \(slash) = 0 THEN \(instant) WHEN \(stop) IS NOT NULL THEN \(start) END"),
            .microseconds(
                "CASE WHEN \(slash) = 0 THEN \(instant) WHEN \(start) IS NOT NULL THEN \(stop) END")
        )
    }
}

extension TemporalOperator {
    fileprivate typealias Extent = (start: SQLInstant, end: SQLInstant)
    fileprivate typealias Condition = (left: SQLInstant, comparison: ComparisonOperator, right: SQLInstant)

    /// The conditions of `TemporalOperator.holds`: all of these, for `disjoint` either.
    fileprivate func conditions(_ left: Extent, _ right: Extent) -> [Condition] {
        switch self {
        case .after: [(left.start, .greater, right.end)]
        case .before: [(left.end, .less, right.start)]
        case .contains: [(left.start, .less, right.start), (left.end, .greater, right.end)]
        case .disjoint: [(left.end, .less, right.start), (left.start, .greater, right.end)]
        case .during: [(left.start, .greater, right.start), (left.end, .less, right.end)]
        case .equals: [(left.start, .equal, right.start), (left.end, .equal, right.end)]
        case .finishedBy: [(left.start, .less, right.start), (left.end, .equal, right.end)]
        case .finishes: [(left.start, .greater, right.start), (left.end, .equal, right.end)]
        case .intersects: [(left.start, .lessOrEqual, right.end), (left.end, .greaterOrEqual, right.start)]
        case .meets: [(left.end, .equal, right.start)]
        case .metBy: [(left.start, .equal, right.end)]
        case .overlappedBy:
            [(left.start, .greater, right.start), (left.start, .less, right.end), (left.end, .greater, right.end)]
        case .overlaps:
            [(left.start, .less, right.start), (left.end, .greater, right.start), (left.end, .less, right.end)]
        case .startedBy: [(left.start, .equal, right.start), (left.end, .greater, right.end)]
        case .starts: [(left.start, .equal, right.start), (left.end, .less, right.end)]
        }
    }
}
