import Temporal

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension Operand {
    /// The operand's value for one item.
    ///
    /// - Throws: `CQL2Error` with `.unknownFunction` when it reaches a function.
    public func value(_ lookup: some PropertyLookup) throws(CQL2Error) -> CQL2Value {
        try CompiledOperand(self).value(lookup)
    }
}

extension CompiledOperand {
    func value(_ lookup: some PropertyLookup) throws(CQL2Error) -> CQL2Value {
        switch self {
        case .constant(let value): return value
        case .property(let name): return lookup.value(of: name)
        case .interval(let start, let end):
            guard let start = try start.bound(lookup), let end = try end.bound(lookup) else { return .null }
            return .interval(start: start, end: end)
        case .array(let elements):
            var values: [CQL2Value] = []
            for element in elements { values.append(try element.value(lookup)) }
            return .array(values)
        case .arithmetic(let arithmetic, let left, let right):
            guard case .number(let left) = try left.value(lookup), case .number(let right) = try right.value(lookup)
            else { return .null }
            return arithmetic.applied(left, right).map(CQL2Value.number) ?? .null
        case .casei(let inner):
            guard case .string(let text) = try inner.value(lookup) else { return .null }
            return .string(TextFolding.caseFolded(text))
        case .accenti(let inner):
            guard case .string(let text) = try inner.value(lookup) else { return .null }
            return .string(TextFolding.withoutAccents(text))
        case .function(let name): throw CQL2Error(.unknownFunction(name))
        case .condition(let condition): return try condition.evaluate(lookup).map(CQL2Value.bool) ?? .null
        }
    }
}

extension CompiledBound {
    /// - Returns: `nil` when the bound is unknown; `.some(nil)` when there is none.
    fileprivate func bound(_ lookup: some PropertyLookup) throws(CQL2Error) -> Timestamp?? {
        switch self {
        case .instant(let instant): return .some(instant)
        case .computed(let operand):
            let value = try operand.value(lookup)
            if case .string("..") = value { return .some(nil) }
            return value.instant.map { .some($0) }
        }
    }
}

extension ArithmeticOperator {
    /// - Returns: `nil` when the result is no number: divided by zero, or beyond the range of doubles.
    public func applied(_ left: Double, _ right: Double) -> Double? {
        let result =
            switch self {
            case .add: left + right
            case .subtract: left - right
            case .multiply: left * right
            case .divide: left / right
            case .modulo: left.truncatingRemainder(dividingBy: right)
            case .integerDivide: (left / right).rounded(.towardZero)
            case .power: pow(left, right)
            }
        return result.isFinite ? result : nil
    }
}
