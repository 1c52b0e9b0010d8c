import CQL2
import Temporal

/// An instant in SQL.
enum SQLInstant: Hashable {
    /// Microseconds since 1970; the smallest and the greatest integer stand for no bound.
    case constant(Int64)
    /// A value of the database's own types.
    case timestamp(SQLFragment), timestampWithoutZone(SQLFragment)
    /// An integer, microseconds since 1970.
    case microseconds(SQLFragment)

    var isConstant: Bool { if case .constant = self { true } else { false } }

    /// An expression that is null where the instant is.
    var fragment: SQLFragment? {
        switch self {
        case .constant: nil
        case .timestamp(let value), .timestampWithoutZone(let value), .microseconds(let value): value
        }
    }
}

extension SQLTranslation {
    /// - Returns: `nil` when the operand cannot be an instant.
    func instant(_ term: SQLTerm) -> SQLInstant? {
        if let constant = term.constant {
            return switch constant {
            case .timestamp(let instant), .date(let instant): .constant(instant.microseconds)
            case .string(let text): TemporalText(text).map { .constant($0.instant.microseconds) }
            default: nil
            }
        }
        return switch term.time {
        case .timestamp(let value)?: .timestamp(value)
        case .timestampWithoutZone(let value)?: .timestampWithoutZone(value)
        case .date(let value)?: .timestampWithoutZone("CAST(\(value) AS TIMESTAMP)")
        case nil: term.isAssumed ? nil : term.string.map { .microseconds(microseconds(ofText: $0)) }
        }
    }

    func symbol(_ comparison: ComparisonOperator, _ left: SQLInstant, _ right: SQLInstant) -> SQLFragment {
        switch (left, right) {
        case (.constant(let left), .constant(let right)): constant(comparison.holds(Comparison(of: left, right)))
        case (_, .constant(let value)) where value == .min || value == .max:
            unbounded(left, comparison.holds(value == .max ? .less : .greater))
        case (.constant(let value), _) where value == .min || value == .max:
            unbounded(right, comparison.holds(value == .max ? .greater : .less))
        case (.timestamp(let left), .timestamp(let right)),
            (.timestampWithoutZone(let left), .timestampWithoutZone(let right)):
            symbol(comparison, left, right)
        case (.timestamp(let left), .constant(let value)) where isWritten(value):
            symbol(comparison, left, timestamp(value, hasZone: true))
        case (.constant(let value), .timestamp(let right)) where isWritten(value):
            symbol(comparison, timestamp(value, hasZone: true), right)
        case (.timestampWithoutZone(let left), .constant(let value)) where isWritten(value):
            symbol(comparison, left, timestamp(value, hasZone: false))
        case (.constant(let value), .timestampWithoutZone(let right)) where isWritten(value):
            symbol(comparison, timestamp(value, hasZone: false), right)
        default: symbol(comparison, microseconds(left), microseconds(right))
        }
    }

    /// The result where there is an instant.
    private func unbounded(_ instant: SQLInstant, _ result: Bool) -> SQLFragment {
        guard let value = instant.fragment else { return constant(result) }
        return "CASE WHEN \(value) IS NOT NULL THEN \(constant(result)) END"
    }

    /// Whether all databases read the instant when it is written: the years 1 to 9999.
    private func isWritten(_ microseconds: Int64) -> Bool {
        (1...9999).contains(Timestamp(microseconds: microseconds).components.year)
    }

    private func timestamp(_ microseconds: Int64, hasZone: Bool) -> SQLFragment {
        let text = "\(Timestamp(microseconds: microseconds))".replacingScalar("T", by: " ").dropLast()
        return hasZone
            ? "CAST(\(.text(text + "+00")) AS TIMESTAMP WITH TIME ZONE)" : "CAST(\(.text(String(text))) AS TIMESTAMP)"
    }

    private func microseconds(_ instant: SQLInstant) -> SQLFragment {
        switch instant {
        case .constant(let value): SQLFragment(.integer(value))
        case .microseconds(let value): value
        case .timestamp(let value), .timestampWithoutZone(let value):
            switch dialect {
            case .duckdb: "epoch_us(\(value))"
            case .postgresql: "CAST(extract(epoch FROM \(value)) * 1000000 AS bigint)"
            // SQLite has no such type.
            case .sqlite: value
            }
        }
    }
}

extension Comparison {
    fileprivate init(of left: Int64, _ right: Int64) { self = left < right ? .less : left > right ? .greater : .equal }
}
