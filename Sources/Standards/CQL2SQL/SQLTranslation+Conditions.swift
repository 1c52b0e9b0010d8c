import CQL2

extension SQLTranslation {
    /// - Parameter isRequired: Whether false and unknown are equivalent, since nothing around negates the condition.
    func fragment(_ filter: Expression, isRequired: Bool) throws(SQLTranslationError) -> SQLFragment {
        switch filter {
        case .and(let parts): return try joined(parts, by: " AND ", ifNone: true, isRequired: isRequired)
        case .or(let parts): return try joined(parts, by: " OR ", ifNone: false, isRequired: isRequired)
        case .not(let inner): return "NOT (\(try fragment(inner, isRequired: false)))"
        default: return try limited(predicate(filter, isRequired: isRequired))
        }
    }

    private func joined(
        _ parts: [Expression], by word: StaticString, ifNone: Bool, isRequired: Bool
    ) throws(SQLTranslationError) -> SQLFragment {
        guard !parts.isEmpty else { return constant(ifNone) }
        var fragments: [SQLFragment] = []
        for part in parts { fragments.append("(\(try fragment(part, isRequired: isRequired)))") }
        return try limited(SQLFragment(joining: fragments, by: word))
    }

    /// Apart from `fragment`, whose frame thereby stays small: only logic nests deeply.
    private func predicate(_ filter: Expression, isRequired: Bool) throws(SQLTranslationError) -> SQLFragment {
        var hasProperty = false
        filter.forEachOperand { if case .property = $0 { hasProperty = true } }
        if !hasProperty {
            do throws(CQL2Error) { return constant(try filter.evaluate(NoProperties())) } catch { throw .filter(error) }
        }
        switch filter {
        case .comparison(let comparison, let left, let right):
            return try compared(comparison, try term(left), try term(right))
        case .between(let operand, let lower, let upper):
            let value = try term(operand)
            let isAbove = try compared(.greaterOrEqual, value, try term(lower))
            return "\(isAbove) AND \(try compared(.lessOrEqual, value, try term(upper)))"
        case .in(let operand, let list): return try contained(try term(operand), in: list)
        case .like(let operand, let pattern): return try like(operand, pattern)
        case .isNull(let operand): return try term(operand).isNull
        case .boolean(let operand): return try term(operand).boolean ?? constant(nil)
        case .temporal(let temporal, let left, let right):
            return try related(temporal, left, right, isRequired: isRequired)
        case .array(let array, let left, let right): return try related(array, try term(left), try term(right))
        case .spatial(let spatial, let left, let right):
            return try related(spatial, left, right, isRequired: isRequired)
        case .and, .or, .not: return try fragment(filter, isRequired: isRequired)
        }
    }

    private func contained(_ value: SQLTerm, in list: [Operand]) throws(SQLTranslationError) -> SQLFragment {
        guard !list.isEmpty else { return constant(false) }
        var elements: [SQLTerm] = []
        for element in list { elements.append(try term(element)) }
        // One list for values that compare simply; the database looks them up in one step.
        let numbers = elements.compactMap { if case .number(let value)? = $0.constant { number(value) } else { nil } }
        if let column = value.number, numbers.count == list.count {
            return "\(column) IN (\(SQLFragment(joining: numbers, by: ", ")))"
        }
        var texts: [SQLFragment] = []
        for case .string(let element)? in elements.map(\.constant) where TemporalText(element) == nil {
            texts.append(try text(element))
        }
        if let column = value.string, texts.count == list.count {
            return "\(column) IN (\(SQLFragment(joining: texts, by: ", ")))"
        }
        var parts: [SQLFragment] = []
        for element in elements { parts.append("(\(try compared(.equal, value, element)))") }
        return SQLFragment(joining: parts, by: " OR ")
    }
}
