public import Temporal

/// A property's value as far as sorting is concerned: values of one type in their order, then types in the order of
/// the cases; missing (also: array or object) last in both directions.
public enum SortValue: Sendable, Hashable {
    case bool(Bool)
    case number(Double)
    /// A string that reads as a date and time.
    case timestamp(Timestamp)
    /// In the order of Unicode code points.
    case string(String)
    case missing

    private var rank: Int {
        switch self {
        case .bool: 0
        case .number: 1
        case .timestamp: 2
        case .string: 3
        case .missing: 4
        }
    }

    /// Whether this stands before the other in that direction; `nil` when neither does.
    public func precedes(_ other: SortValue, _ direction: SortKey.Direction) -> Bool? {
        if case .missing = self { return other == .missing ? nil : false }
        if case .missing = other { return true }
        guard let isLess = isLess(than: other) else { return nil }
        return direction == .ascending ? isLess : !isLess
    }

    private func isLess(than other: SortValue) -> Bool? {
        switch (self, other) {
        case (.bool(let left), .bool(let right)): left == right ? nil : !left
        case (.number(let left), .number(let right)): left == right ? nil : left < right
        case (.timestamp(let left), .timestamp(let right)): left == right ? nil : left < right
        case (.string(let left), .string(let right)):
            left.utf8.elementsEqual(right.utf8) ? nil : left.utf8.lexicographicallyPrecedes(right.utf8)
        default: rank == other.rank ? nil : rank < other.rank
        }
    }
}
