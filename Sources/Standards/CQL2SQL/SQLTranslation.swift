public import CQL2

/// Translates filters into SQL.
///
/// The meaning is that of `Expression.evaluate`, three-valued logic included: unknown there is `NULL` here. A filter
/// that has no exact translation is rejected. Columns must be as the layout describes them.
public struct SQLTranslation: Sendable {
    public let dialect: SQLDialect
    public let layout: SQLLayout
    public let features: SQLFeatures
    public let parameters: SQLParameters

    public init(
        dialect: SQLDialect, layout: SQLLayout, features: SQLFeatures = [], parameters: SQLParameters = .literals
    ) {
        self.dialect = dialect
        self.layout = layout
        self.features = features
        self.parameters = parameters
    }

    /// The filter as a condition.
    ///
    /// - Throws: `SQLTranslationError` when the filter calls a function, has a text with a NUL, or has no exact
    ///   translation.
    public func condition(for filter: Expression) throws(SQLTranslationError) -> SQLCondition {
        try fragment(for: filter).condition(dialect, parameters)
    }

    /// - Parameter filter: The condition on Items: where it is unknown, the fragment may be false.
    package func fragment(for filter: Expression) throws(SQLTranslationError) -> SQLFragment {
        do throws(CQL2Error) { try filter.validate() } catch { throw .filter(error) }
        return try fragment(filter, isRequired: true)
    }

    func unsupported(_ what: String, _ reason: String) -> SQLTranslationError {
        .unsupported(what, dialect, reason: reason)
    }

    /// Pieces of text and values in a condition. Some operators repeat their operands, so that nested ones grow fast.
    private static let pieceLimit = 100_000

    /// - Throws: `.tooLong`.
    func limited(_ fragment: SQLFragment) throws(SQLTranslationError) -> SQLFragment {
        guard fragment.pieces.count <= Self.pieceLimit else { throw .tooLong }
        return fragment
    }

    /// - Throws: `.nul`.
    func text(_ text: String) throws(SQLTranslationError) -> SQLFragment {
        guard !text.utf8.contains(0) else { throw .nul }
        return dialect == .postgresql ? "CAST(\(.text(text)) AS text)" : SQLFragment(.text(text))
    }

    func number(_ value: Double) -> SQLFragment {
        let isInteger = value == value.rounded() && abs(value) < 9_007_199_254_740_992
        let literal = SQLFragment(isInteger ? .integer(Int64(value)) : .number(value))
        return dialect == .postgresql ? "CAST(\(literal) AS double precision)" : literal
    }

    /// A condition that is always that.
    func constant(_ value: Bool?) -> SQLFragment {
        switch value {
        case true: "TRUE"
        case false: "FALSE"
        default: dialect == .sqlite ? "NULL" : "CAST(NULL AS BOOLEAN)"
        }
    }
}

/// Gives null for every name: for operands in which no property occurs.
struct NoProperties: PropertyLookup {
    func value(of property: String) -> CQL2Value { .null }
}
