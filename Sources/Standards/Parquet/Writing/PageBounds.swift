/// Bounds of a column chunk and of its pages.
struct PageBounds {
    /// Always with the number of nulls.
    let statistics: ColumnStatistics?
    let columnIndex: ColumnIndex?

    init(_ buffer: LeafContent, _ pages: [LeafContent.Page], byteLimit: Int) {
        let nullCount = buffer.entryCount - buffer.valueCount
        guard buffer.settings.hasStatistics else {
            statistics = nil
            columnIndex = nil
            return
        }
        guard let order = ExtremeValues.Order(buffer.leaf) else {
            statistics = ColumnStatistics(nullCount: nullCount)
            columnIndex = nil
            return
        }
        let bounds = pages.map { ExtremeValues(buffer, order: order, values: $0.values, byteLimit: byteLimit) }
        let all = ExtremeValues(buffer, order: order, values: 0..<buffer.valueCount, byteLimit: byteLimit)
        statistics = ColumnStatistics(
            minimum: all?.minimum, maximum: all?.maximum, isMinimumExact: all?.isMinimumExact,
            isMaximumExact: all?.isMaximumExact, nullCount: nullCount)
        // A page of not-a-numbers alone has values and no bounds, which the index cannot express.
        guard zip(bounds, pages).allSatisfy({ $0 != nil || $1.values.isEmpty }) else {
            columnIndex = nil
            return
        }
        columnIndex = ColumnIndex(
            nullPages: bounds.map { $0 == nil }, minima: bounds.map { $0?.minimum ?? [] },
            maxima: bounds.map { $0?.maximum ?? [] }, boundaryOrder: .unordered,
            nullCounts: pages.map { Int64($0.nullCount) })
    }
}
