extension ParquetFile {
    /// Bounds of a column chunk, by the footer; `nil` when it has no statistics.
    ///
    /// - Throws: `ParquetError.invalidRequest` for a column or row group that the file does not have.
    public func bounds(_ leaf: SchemaLeaf, rowGroup: Int) throws(ParquetError) -> ValueBounds? {
        let chunk = try chunk(leaf, rowGroup)
        guard let statistics = chunk.statistics else { return nil }
        return ValueBounds(statistics, valueCount: chunk.valueCount, leaf, order(leaf))
    }

    /// Bounds of each page of a column chunk, by the column index; `nil` when the file does not have one.
    ///
    /// The rows of the pages are in `offsetIndex(_:rowGroup:)`.
    public func pageBounds(_ leaf: SchemaLeaf, rowGroup: Int) throws(ParquetError) -> [ValueBounds]? {
        guard let index = try columnIndex(leaf, rowGroup: rowGroup) else { return nil }
        let order = order(leaf)
        return (0..<index.pageCount).map { page in
            let nullCount = index.nullCounts.map { Int($0[page]) }
            // Bounds in a column index follow the column's order, and may be truncated without saying so.
            let isKnown = !index.nullPages[page] && order != nil
            return ValueBounds(
                minimum: isKnown ? index.minima[page] : nil, maximum: isKnown ? index.maxima[page] : nil,
                isMinimumExact: false, isMaximumExact: false, nullCount: nullCount,
                nanCount: index.nanCounts.map { Int($0[page]) },
                isAllNull: Self.isAllNull(index.nullPages[page], nullCount, leaf), leaf,
                order ?? .typeDefined)
        }
    }

    /// Whether the index's flag that a page holds only nulls can be trusted.
    ///
    /// parquet-mr sets it for pages without statistics, with a null count of -1; parquet-rs (53.3) of pages of repeated
    /// columns that have as many nulls as rows.
    private static func isAllNull(_ isNullPage: Bool, _ nullCount: Int?, _ leaf: SchemaLeaf) -> Bool {
        isNullPage && leaf.maxRepetitionLevel == 0 && nullCount ?? 1 > 0
    }

    private func order(_ leaf: SchemaLeaf) -> ColumnOrder? {
        metadata.columnOrders.map { leaf.index < $0.count ? $0[leaf.index] : .unknown }
    }
}
