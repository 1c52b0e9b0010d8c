import Geo

extension CompiledCondition {
    func evaluate(_ lookup: some PropertyLookup) throws(CQL2Error) -> Bool? {
        switch self {
        case .and(let parts): return try Self.all(parts, lookup)
        case .or(let parts): return try Self.any(parts, lookup)
        case .not(let inner): return try inner.evaluate(lookup).map { !$0 }
        default: return try predicate(lookup)
        }
    }

    /// Apart from `evaluate`, whose frame thereby stays small: only logic nests deeply.
    private func predicate(_ lookup: some PropertyLookup) throws(CQL2Error) -> Bool? {
        switch self {
        case .and, .or, .not: return try evaluate(lookup)
        case .comparison(let comparison, let left, let right):
            let left = try left.value(lookup)
            return left.compared(to: try right.value(lookup)).map(comparison.holds)
        case .like(let operand, let pattern):
            guard case .string(let text) = try operand.value(lookup) else { return nil }
            return pattern.matches(text)
        case .likeAnything(let operand, let pattern):
            guard case .string(let text) = try operand.value(lookup),
                case .string(let pattern) = try pattern.value(lookup)
            else { return nil }
            return LikePattern(pattern).matches(text)
        case .between(let operand, let lower, let upper):
            let value = try operand.value(lookup)
            let isAbove = value.compared(to: try lower.value(lookup)).map(ComparisonOperator.greaterOrEqual.holds)
            let isBelow = value.compared(to: try upper.value(lookup)).map(ComparisonOperator.lessOrEqual.holds)
            return ThreeValued.and(isAbove, isBelow)
        case .in(let operand, let values, let others):
            return try Self.contains(values, others, try operand.value(lookup), lookup)
        case .isNull(let operand): return try operand.value(lookup).isNull
        case .temporal(let temporal, let left, let right):
            guard let left = TemporalExtent(try left.value(lookup)), let right = TemporalExtent(try right.value(lookup))
            else {
                return nil
            }
            return temporal.holds(left, right)
        case .array(let array, let left, let right):
            guard let left = try left.set(lookup), let right = try right.set(lookup) else { return nil }
            return array.holds(left, right)
        case .boolean(let operand):
            guard case .bool(let value) = try operand.value(lookup) else { return nil }
            return value
        case .spatial, .spatialLeft, .spatialRight: return try spatial(lookup)
        }
    }

    private func spatial(_ lookup: some PropertyLookup) throws(CQL2Error) -> Bool? {
        switch self {
        case .spatial(let predicate, let left, let right):
            guard case .geometry(let left) = try left.value(lookup), case .geometry(let right) = try right.value(lookup)
            else { return nil }
            return left.satisfies(predicate, right)
        case .spatialLeft(let predicate, let left, let right):
            guard case .geometry(let right) = try right.value(lookup) else { return nil }
            return left.satisfies(predicate, right)
        case .spatialRight(let predicate, let left, let right):
            guard case .geometry(let left) = try left.value(lookup) else { return nil }
            return right.isSatisfied(predicate, by: left)
        default: return nil
        }
    }

    private static func all(_ parts: [Self], _ lookup: some PropertyLookup) throws(CQL2Error) -> Bool? {
        var result: Bool? = true
        for part in parts {
            result = ThreeValued.and(result, try part.evaluate(lookup))
            if result == false { break }
        }
        return result
    }

    private static func any(_ parts: [Self], _ lookup: some PropertyLookup) throws(CQL2Error) -> Bool? {
        var result: Bool? = false
        for part in parts {
            result = ThreeValued.or(result, try part.evaluate(lookup))
            if result == true { break }
        }
        return result
    }

    private static func contains(
        _ values: ValueSet, _ others: [CompiledOperand], _ value: CQL2Value, _ lookup: some PropertyLookup
    ) throws(CQL2Error) -> Bool? {
        var result = values.contains(value)
        if result == true { return result }
        for element in others {
            result = ThreeValued.or(result, value.compared(to: try element.value(lookup)).map { $0 == .equal })
            if result == true { break }
        }
        return result
    }
}

extension CompiledArray {
    /// - Returns: `nil` for what is no array.
    fileprivate func set(_ lookup: some PropertyLookup) throws(CQL2Error) -> ElementSet? {
        switch self {
        case .set(let set): return set
        case .operand(let operand):
            guard case .array(let elements) = try operand.value(lookup) else { return nil }
            return ElementSet(elements)
        }
    }
}

/// Logic with `nil` for unknown.
private enum ThreeValued {
    static func and(_ left: Bool?, _ right: Bool?) -> Bool? {
        left == false || right == false ? false : left == nil || right == nil ? nil : true
    }

    static func or(_ left: Bool?, _ right: Bool?) -> Bool? {
        left == true || right == true ? true : left == nil || right == nil ? nil : false
    }
}
