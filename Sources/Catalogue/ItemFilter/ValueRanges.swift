package import CQL2
import JSON
import Temporal

/// A comparison of one property with literals, as ranges of values; `nil` in a member where values of that type must
/// be compared one by one.
package struct ValueRanges: Sendable {
    /// A value matches when it lies in one of them; all values of the type are comparable with the literals.
    package var numbers: [ClosedRange<Double>]?
    /// Microseconds.
    package var timestamps: [ClosedRange<Int64>]?
    /// Texts that do not parse as date and time.
    package var strings: [StringRange]?
    /// Whether values outside all ranges match instead.
    package var isComplement = false

    package struct StringRange: Sendable {
        /// `nil`: no lower bound.
        package var lower: String?
        package var includesLower = true
        /// `nil`: no upper bound.
        package var upper: String?
        package var includesUpper = true
    }

    private init() {}

    package init?(_ expression: Expression) {
        switch expression {
        case .comparison(let comparison, .property, let literal): self.init(comparison, literal)
        case .comparison(let comparison, let literal, .property): self.init(comparison.mirrored, literal)
        case .between(.property, let lower, let upper):
            guard let low = Bound(lower), let high = Bound(upper) else { return nil }
            self.init()
            switch (low, high) {
            case (.number(let low), .number(let high)): numbers = low <= high ? [low...high] : []
            case (.instant(let low), .instant(let high)): timestamps = low <= high ? [low...high] : []
            case (.text(let low), .text(let high)):
                strings = [StringRange(lower: low, upper: high)]
            default: return nil
            }
        // No value is in an empty list, and the result is not unknown either: that holds for values of every type.
        case .in(.property, let list) where !list.isEmpty:
            let bounds = list.map { Bound($0) }
            self.init()
            if bounds.allSatisfy({ if case .number? = $0 { true } else { false } }) {
                numbers = bounds.compactMap { if case .number(let value)? = $0 { value...value } else { nil } }
            } else if bounds.allSatisfy({ if case .text? = $0 { true } else { false } }) {
                strings = bounds.compactMap {
                    if case .text(let text)? = $0 { StringRange(lower: text, upper: text) } else { nil }
                }
            } else {
                return nil
            }
        default: return nil
        }
    }

    private init?(_ comparison: ComparisonOperator, _ literal: Operand) {
        guard let bound = Bound(literal) else { return nil }
        self.init()
        isComplement = comparison == .notEqual
        switch bound {
        case .number(let value):
            guard value.isFinite else { return nil }
            switch comparison {
            case .equal, .notEqual: numbers = [value...value]
            case .less: numbers = [-.infinity...value.nextDown]
            case .lessOrEqual: numbers = [-.infinity...value]
            case .greater: numbers = [value.nextUp ... .infinity]
            case .greaterOrEqual: numbers = [value ... .infinity]
            }
        case .instant(let value):
            switch comparison {
            case .equal, .notEqual: timestamps = [value...value]
            case .less: timestamps = [.min...value - 1]
            case .lessOrEqual: timestamps = [.min...value]
            case .greater: timestamps = [value + 1 ... .max]
            case .greaterOrEqual: timestamps = [value ... .max]
            }
        case .text(let text):
            switch comparison {
            case .equal, .notEqual: strings = [StringRange(lower: text, upper: text)]
            case .less: strings = [StringRange(upper: text, includesUpper: false)]
            case .lessOrEqual: strings = [StringRange(upper: text)]
            case .greater: strings = [StringRange(lower: text, includesLower: false)]
            case .greaterOrEqual: strings = [StringRange(lower: text)]
            }
        }
    }

    /// A literal with a plain order relative to a column's values.
    private enum Bound {
        case number(Double)
        case instant(Int64)
        /// Parses neither as date and time nor as a date.
        case text(String)

        init?(_ operand: Operand) {
            switch operand {
            case .number(let number): self = .number(number.double)
            case .timestamp(let literal), .date(let literal): self = .instant(literal.instant.microseconds)
            case .string(let text):
                if let instant = Timestamp(text, .lenient) ?? Timestamp(date: text) {
                    self = .instant(instant.microseconds)
                } else {
                    self = .text(text)
                }
            default: return nil
            }
        }
    }
}

extension ComparisonOperator {
    /// The operator for exchanged operands.
    fileprivate var mirrored: ComparisonOperator {
        switch self {
        case .equal, .notEqual: self
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }
}
