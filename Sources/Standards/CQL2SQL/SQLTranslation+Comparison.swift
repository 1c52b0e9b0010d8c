import CQL2
import Temporal

extension SQLTranslation {
    func compared(
        _ comparison: ComparisonOperator, _ left: SQLTerm, _ right: SQLTerm
    ) throws(SQLTranslationError) -> SQLFragment {
        if let left = left.constant, let right = right.constant {
            return constant(left.compared(to: right).map(comparison.holds))
        }
        if left.isAssumed, right.isAssumed { throw .typeNeeded(property: left.name) }
        var left = left
        var right = right
        try resolve(&left, by: right)
        try resolve(&right, by: left)
        // Of the kinds, one at most is not null in a row.
        var kinds: [SQLFragment] = []
        if let left = numberOperand(left), let right = numberOperand(right) {
            kinds.append(symbol(comparison, left, right))
        }
        if let left = booleanOperand(left), let right = booleanOperand(right) {
            kinds.append(symbol(comparison, left, right))
        }
        kinds += try texts(comparison, left, right)
        kinds += try times(comparison, left, right)
        switch kinds.count {
        case 0: return constant(nil)
        case 1: return kinds[0]
        default: return "COALESCE(\(SQLFragment(joining: kinds, by: ", ")))"
        }
    }

    /// Gives a column of unknown type the type of its comparison's other side.
    private func resolve(_ term: inout SQLTerm, by other: SQLTerm) throws(SQLTranslationError) {
        guard term.isAssumed else { return }
        switch other.constant {
        case .string(let text)?: if TemporalText(text) != nil { throw .typeNeeded(property: term.name) }
        case .timestamp?, .date?: throw .typeNeeded(property: term.name)
        default:
            if other.constant == nil, other.string != nil || other.time != nil {
                throw .typeNeeded(property: term.name)
            }
        }
    }

    func symbol(_ comparison: ComparisonOperator, _ left: SQLFragment, _ right: SQLFragment) -> SQLFragment {
        switch comparison {
        case .equal: "\(left) = \(right)"
        case .notEqual: "\(left) <> \(right)"
        case .less: "\(left) < \(right)"
        case .lessOrEqual: "\(left) <= \(right)"
        case .greater: "\(left) > \(right)"
        case .greaterOrEqual: "\(left) >= \(right)"
        }
    }

    private func numberOperand(_ term: SQLTerm) -> SQLFragment? {
        guard let constant = term.constant else { return term.number }
        // Beyond the range of doubles: compared as the greatest value.
        guard case .number(let value) = constant, !value.isNaN else { return nil }
        return value.isFinite ? number(value) : infinity(isNegative: value < 0)
    }

    private func infinity(isNegative: Bool) -> SQLFragment {
        switch (dialect, isNegative) {
        case (.sqlite, false): "9e999"
        case (.sqlite, true): "(-9e999)"
        case (.duckdb, false): "CAST('Infinity' AS DOUBLE)"
        case (.duckdb, true): "CAST('-Infinity' AS DOUBLE)"
        case (.postgresql, false): "CAST('Infinity' AS double precision)"
        case (.postgresql, true): "CAST('-Infinity' AS double precision)"
        }
    }

    private func booleanOperand(_ term: SQLTerm) -> SQLFragment? {
        guard let constant = term.constant else { return term.boolean }
        if case .bool(let value) = constant { return self.constant(value) }
        return nil
    }

    // MARK: Texts

    private func texts(
        _ comparison: ComparisonOperator, _ left: SQLTerm, _ right: SQLTerm
    ) throws(SQLTranslationError) -> [SQLFragment] {
        guard let leftText = try textOperand(left), let rightText = try textOperand(right) else { return [] }
        let plain = symbol(comparison, ordered(leftText, comparison), rightText)
        // A literal that is no time decides; otherwise two texts that are both times are compared as instants.
        guard mayBeTime(left), mayBeTime(right), let leftTime = instant(left), let rightTime = instant(right) else {
            return [plain]
        }
        return ["COALESCE(\(symbol(comparison, leftTime, rightTime)), \(plain))"]
    }

    /// With the order of code points, which is that of DuckDB, and of SQLite unless a column has another collation.
    private func ordered(_ text: SQLFragment, _ comparison: ComparisonOperator) -> SQLFragment {
        // Texts are equal by all deterministic collations alike, and without the clause an index can be used.
        if dialect == .postgresql, comparison == .equal || comparison == .notEqual { return text }
        return switch dialect {
        case .duckdb: text
        case .sqlite: "\(text) COLLATE BINARY"
        case .postgresql: "\(text) COLLATE \"C\""
        }
    }

    private func textOperand(_ term: SQLTerm) throws(SQLTranslationError) -> SQLFragment? {
        guard let constant = term.constant else { return term.string }
        if case .string(let text) = constant { return try self.text(text) }
        return nil
    }

    private func mayBeTime(_ term: SQLTerm) -> Bool {
        guard !term.isAssumed else { return false }
        guard let constant = term.constant else { return true }
        if case .string(let text) = constant { return TemporalText(text) != nil }
        return false
    }

    // MARK: Times

    /// Comparisons in which at least one side is a time that is no text.
    private func times(
        _ comparison: ComparisonOperator, _ left: SQLTerm, _ right: SQLTerm
    ) throws(SQLTranslationError) -> [SQLFragment] {
        for (time, text) in [(left, right), (right, left)] where time.time != nil {
            if case .string(let text)? = text.constant, TemporalText(text) == nil {
                throw unsupported(
                    "comparing the time '\(time.name)' with a text", "how the time was written is not known")
            }
        }
        let areTimes = left.time != nil || right.time != nil
        let areLiterals = [left, right].contains { $0.constant.map { $0.isTime } ?? false }
        guard areTimes || areLiterals else { return [] }
        guard let left = instant(left), let right = instant(right) else { return [] }
        return [symbol(comparison, left, right)]
    }
}

extension CQL2Value {
    /// A timestamp or a date, not as text.
    fileprivate var isTime: Bool {
        switch self {
        case .timestamp, .date: true
        default: false
        }
    }
}
