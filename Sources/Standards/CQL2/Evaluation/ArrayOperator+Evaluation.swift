extension ArrayOperator {
    /// Arrays are sets: neither order nor repetition counts.
    ///
    /// - Complexity: O(*n* · *m*) in the counts of elements.
    ///
    /// Source: [requirement /req/array-functions/array-predicates](https://docs.ogc.org/is/21-065r2/21-065r2.html#array-functions).
    public func holds(_ left: [CQL2Value], _ right: [CQL2Value]) -> Bool {
        switch self {
        case .contains: right.allSatisfy(left.has)
        case .containedBy: left.allSatisfy(right.has)
        case .equals: left.allSatisfy(right.has) && right.allSatisfy(left.has)
        case .overlaps: left.contains(where: right.has)
        }
    }
}

extension [CQL2Value] {
    fileprivate func has(_ value: CQL2Value) -> Bool {
        contains { $0.isSameElement(as: value) }
    }
}

extension CQL2Value {
    /// Equality of array elements, where arrays within are sets again and null equals nothing.
    fileprivate func isSameElement(as other: CQL2Value) -> Bool {
        switch (self, other) {
        case (.array(let left), .array(let right)): ArrayOperator.equals.holds(left, right)
        case (.geometry(let left), .geometry(let right)): left == right
        case (.interval(let start, let end), .interval(let otherStart, let otherEnd)):
            start == otherStart && end == otherEnd
        default: compared(to: other) == .equal
        }
    }
}
