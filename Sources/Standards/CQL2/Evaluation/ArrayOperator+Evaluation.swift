extension ArrayOperator {
    /// Arrays are sets: neither order nor repetition counts.
    ///
    /// - Complexity: O(*n* + *m*) in the counts of elements.
    ///
    /// Source: [requirement /req/array-functions/array-predicates](https://docs.ogc.org/is/21-065r2/21-065r2.html#array-functions).
    public func holds(_ left: [CQL2Value], _ right: [CQL2Value]) -> Bool {
        holds(ElementSet(left), ElementSet(right))
    }

    func holds(_ left: ElementSet, _ right: ElementSet) -> Bool {
        switch self {
        case .contains: left.contains(right)
        case .containedBy: right.contains(left)
        case .equals: left.contains(right) && right.contains(left)
        case .overlaps: !left.keys.isDisjoint(with: right.keys)
        }
    }
}

extension ElementSet {
    /// Null is in no set.
    fileprivate func contains(_ other: ElementSet) -> Bool { !other.hasOddities && keys.isSuperset(of: other.keys) }
}
