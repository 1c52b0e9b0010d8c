extension StringDictionary {
    /// The ranks of the strings in a range.
    func ranks(_ range: ValueRanges.StringRange) -> Range<Int> {
        var low = 0
        var high = count
        if let lower = range.lower {
            let (rank, isEqual) = lowerBound(lower)
            low = isEqual && !range.includesLower ? rank + 1 : rank
        }
        if let upper = range.upper {
            let (rank, isEqual) = lowerBound(upper)
            high = isEqual && range.includesUpper ? rank + 1 : rank
        }
        return low..<max(low, high)
    }
}
