extension Expression {
    /// The filter's result for one item. An item matches only when it is `true`. For many items, use a
    /// `CompiledExpression`.
    ///
    /// - Returns: `nil` when it is unknown, by the three-valued logic of SQL and the standard: a comparison with null
    ///   or between values that do not compare is unknown, and so is an operator whose operand is of the wrong kind.
    /// - Throws: `CQL2Error` with `.unknownFunction` when it reaches a function; call `validate` to check beforehand.
    ///
    /// Source: [CQL2 filter expression, truth table](https://docs.ogc.org/is/21-065r2/21-065r2.html#basic-cql2_filter-expression).
    public func evaluate(_ lookup: some PropertyLookup) throws(CQL2Error) -> Bool? {
        try CompiledCondition(self).evaluate(lookup)
    }
}
