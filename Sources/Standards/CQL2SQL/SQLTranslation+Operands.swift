import CQL2

extension SQLTranslation {
    func term(_ operand: Operand) throws(SQLTranslationError) -> SQLTerm {
        var hasProperty = false
        Expression.isNull(operand).forEachOperand { if case .property = $0 { hasProperty = true } }
        guard hasProperty else { return try constantTerm(operand) }
        switch operand {
        case .property(let name): return try property(name)
        case .arithmetic(let arithmetic, let left, let right):
            let value = try limited(calculated(arithmetic, left, right))
            return SQLTerm(name: "a calculation", number: value, isNull: "(\(value)) IS NULL")
        case .casei(let inner): return try folded(try term(inner), .caseFolding)
        case .accenti(let inner): return try folded(try term(inner), .accents)
        case .expression(let expression):
            let value = try limited("(\(try fragment(expression, isRequired: false)))")
            return SQLTerm(name: "a condition", boolean: value, isNull: "\(value) IS NULL")
        case .array: throw unsupported("an array with properties in it", "only literals may be in arrays")
        default: throw unsupported("an interval with properties in it", "it belongs into temporal functions")
        }
    }

    private func constantTerm(_ operand: Operand) throws(SQLTranslationError) -> SQLTerm {
        do throws(CQL2Error) {
            let value = try operand.value(NoProperties())
            return SQLTerm(name: "a literal", constant: value, isNull: constant(value.isNull))
        } catch {
            throw .filter(error)
        }
    }

    // MARK: Arithmetic

    private func calculated(
        _ arithmetic: ArithmeticOperator, _ left: Operand, _ right: Operand
    ) throws(SQLTranslationError) -> SQLFragment {
        guard let left = try numberOperand(left), let right = try numberOperand(right) else {
            return dialect == .sqlite ? "NULL" : "CAST(NULL AS double precision)"
        }
        let divisor: SQLFragment = "NULLIF(\(right), 0)"
        let result: SQLFragment
        switch arithmetic {
        case .add: result = "\(left) + \(right)"
        case .subtract: result = "\(left) - \(right)"
        case .multiply: result = "\(left) * \(right)"
        case .divide: result = "\(left) / \(divisor)"
        case .integerDivide: result = "trunc(\(left) / \(divisor))"
        case .modulo:
            switch dialect {
            case .duckdb: result = "\(left) % \(divisor)"
            case .sqlite: result = "mod(\(left), \(divisor))"
            case .postgresql:
                throw unsupported("the operator %", "PostgreSQL has no remainder of floating-point numbers")
            }
        case .power:
            // Elsewhere not a number, or beyond all numbers.
            let isDefined: SQLFragment =
                "\(left) > 0 OR (\(left) = 0 AND \(right) >= 0) OR (\(left) < 0 AND \(right) = trunc(\(right)))"
            result = "CASE WHEN \(isDefined) THEN pow(\(left), \(right)) END"
        }
        return finite(result)
    }

    /// The number; `NULL` for infinity and NaN.
    private func finite(_ value: SQLFragment) -> SQLFragment {
        switch dialect {
        case .duckdb: "CASE WHEN isfinite(\(value)) THEN \(value) END"
        case .sqlite: "CASE WHEN abs(\(value)) <= 1.7976931348623157e308 THEN \(value) END"
        // PostgreSQL fails on values beyond the range of doubles.
        case .postgresql: "(\(value))"
        }
    }

    /// - Returns: A double; `nil` when the operand cannot be a number.
    private func numberOperand(_ operand: Operand) throws(SQLTranslationError) -> SQLFragment? {
        let term = try term(operand)
        if let constant = term.constant {
            guard case .number(let value) = constant, value.isFinite else { return nil }
            return double(number(value))
        }
        return term.number.map(double)
    }

    private func double(_ value: SQLFragment) -> SQLFragment {
        dialect == .duckdb
            ? "CAST(\(value) AS DOUBLE)"
            : dialect == .sqlite ? "CAST(\(value) AS REAL)" : "CAST(\(value) AS double precision)"
    }
}
