import Geo

/// Raw values are the spelling of both encodings.
public enum ComparisonOperator: String, Sendable, Hashable, CaseIterable {
    case equal = "="
    case notEqual = "<>"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
}

/// Raw values are the spelling of both encodings.
public enum ArithmeticOperator: String, Sendable, Hashable, CaseIterable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case modulo = "%"
    /// Division without remainder, towards zero.
    case integerDivide = "div"
    case power = "^"
}

/// Raw values are the JSON spelling without `t_`.
public enum TemporalOperator: String, Sendable, Hashable, CaseIterable {
    case after, before, contains, disjoint, during, equals, finishedBy, finishes, intersects, meets, metBy
    case overlappedBy, overlaps, startedBy, starts
}

/// Raw values are the JSON spelling without `a_`.
public enum ArrayOperator: String, Sendable, Hashable, CaseIterable {
    case contains, containedBy, equals, overlaps
}

extension SpatialPredicate {
    var jsonName: String { "s_" + rawValue }
}

extension TemporalOperator {
    var jsonName: String { "t_" + rawValue }
}

extension ArrayOperator {
    var jsonName: String { "a_" + rawValue }
}
