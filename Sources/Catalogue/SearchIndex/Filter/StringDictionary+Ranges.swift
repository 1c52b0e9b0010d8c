import ItemFilter

extension StringDictionary {
    /// The ranks of the strings in a range.
    func ranks(_ range: ValueRanges.StringRange) -> Range<Int> {
        let low = range.lower.map { range.includesLower ? lowerBound($0).rank : upperBound($0) } ?? 0
        let high = range.upper.map { range.includesUpper ? upperBound($0) : lowerBound($0).rank } ?? count
        return low..<max(low, high)
    }
}
