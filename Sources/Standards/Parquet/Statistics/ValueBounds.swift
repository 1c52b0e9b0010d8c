/// Bounds of the values of a column chunk or page, to prune it when no value can match.
public struct ValueBounds: Hashable, Sendable {
    /// No value is less; values need not occur. `nil` when nothing is known, or there is no value.
    public let minimum: BoundValue?
    /// No value is greater. Bounds hold for all values but NaN.
    public let maximum: BoundValue?
    /// Whether the bound is known to be a value that occurs.
    public let isMinimumExact: Bool
    public let isMaximumExact: Bool
    /// `nil` when the file does not state it.
    public let nullCount: Int?
    /// Whether there may be NaN among the values, which the bounds do not cover.
    public let mayHoldNaN: Bool
    /// Whether all values are known to be null.
    public let isAllNull: Bool
}

extension ValueBounds {
    /// Bounds of a column chunk, or of a page, by its statistics.
    ///
    /// - Parameters:
    ///   - valueCount: With nulls.
    ///   - order: The footer's order for the column; `nil` when it has none.
    init(_ statistics: ColumnStatistics, valueCount: Int, _ leaf: SchemaLeaf, _ order: ColumnOrder?) {
        var stored = (minimum: statistics.minimum, maximum: statistics.maximum)
        if order == nil {
            stored =
                leaf.takesLegacyBounds(statistics) ? (statistics.legacyMinimum, statistics.legacyMaximum) : (nil, nil)
        } else if stored == (nil, nil), leaf.takesLegacyBounds(statistics) {
            stored = (statistics.legacyMinimum, statistics.legacyMaximum)
        }
        // A truncated string is only a bound; writers mark it so only since the format has a field for it.
        self.init(
            minimum: stored.minimum, maximum: stored.maximum, isMinimumExact: statistics.isMinimumExact ?? false,
            isMaximumExact: statistics.isMaximumExact ?? false, nullCount: statistics.nullCount,
            nanCount: statistics.nanCount, isAllNull: statistics.nullCount == valueCount, leaf, order ?? .typeDefined)
    }

    init(
        minimum: [UInt8]?, maximum: [UInt8]?, isMinimumExact: Bool, isMaximumExact: Bool, nullCount: Int?,
        nanCount: Int?, isAllNull: Bool, _ leaf: SchemaLeaf, _ order: ColumnOrder
    ) {
        var low = minimum.flatMap { leaf.boundValue($0, order) }
        var high = maximum.flatMap { leaf.boundValue($0, order) }
        // A NaN bound means that the writer did not order NaN correctly: then neither bound is usable.
        if low?.isNaN == true || high?.isNaN == true { (low, high) = (nil, nil) }
        // Writers differ in the sign of zeros.
        if case .double(0) = low { low = .double(-0.0) }
        if case .double(0) = high { high = .double(0) }
        if let minimum = low, let maximum = high, maximum.isLess(than: minimum) != false { (low, high) = (nil, nil) }
        self.minimum = low
        self.maximum = high
        self.isMinimumExact = isMinimumExact && low != nil
        self.isMaximumExact = isMaximumExact && high != nil
        // Some writers store -1 when they do not know.
        self.nullCount = nullCount.flatMap { $0 < 0 ? nil : $0 }
        mayHoldNaN = leaf.isFloatingPoint && nanCount != 0
        self.isAllNull = isAllNull
    }
}

extension BoundValue {
    fileprivate var isNaN: Bool {
        if case .double(let value) = self { value.isNaN } else { false }
    }
}
