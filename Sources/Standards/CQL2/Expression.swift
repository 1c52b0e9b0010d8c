public import Geo

/// A filter: a condition that is true, false or unknown for one item.
///
/// `NOT LIKE`, `NOT BETWEEN`, `NOT IN` and `IS NOT NULL` are a `not` around the plain predicate. `and` and `or` have at
/// least two parts when they come from a parser; nested ones stay nested. Trees from the parsers are no deeper than
/// `Expression.depthLimit` levels of JSON, so that code may walk them recursively.
///
/// Source: [OGC 21-065r2, Common Query Language (CQL2)](https://docs.ogc.org/is/21-065r2/21-065r2.html).
public indirect enum Expression: Sendable, Hashable {
    case and([Expression])
    case or([Expression])
    case not(Expression)
    case comparison(ComparisonOperator, Operand, Operand)
    /// The pattern is a string, or CASEI and ACCENTI around one.
    case like(Operand, pattern: Operand)
    case between(Operand, lower: Operand, upper: Operand)
    case `in`(Operand, [Operand])
    case isNull(Operand)
    case spatial(SpatialPredicate, Operand, Operand)
    case temporal(TemporalOperator, Operand, Operand)
    case array(ArrayOperator, Operand, Operand)
    /// A literal `TRUE` or `FALSE`, a Boolean property or a function that gives a Boolean.
    case boolean(Operand)

    /// Largest nesting depth of a filter's JSON containers, and of parentheses in a text: that of `JSONReader`.
    public static let depthLimit = 256
}
