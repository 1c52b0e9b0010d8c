public import Parquet

extension WriterSettings {
    /// Rows of a data page in files of Items. Rows of a page are close to each other in space and time.
    public static let itemPageRowCount = 2048

    /// The settings for files of Items: see `docs/performance.md` for the measurements behind them.
    ///
    /// Members of assets and links are seldom searched by, and statistics of hundreds of columns would make every
    /// footer longer. Pages are of whole chunks of 2,048 rows: DuckDB decodes that many at once, and a reader of few
    /// Items decompresses that many. Assets as text compress 20 times: their pages are longer, so that repeated text
    /// lies in one page.
    public static func items(_ schema: ItemSchema, zstdLevel: Int32 = 9) -> WriterSettings {
        var settings = WriterSettings()
        settings.compression = .zstd(level: zstdLevel)
        settings.pageRowCount = Self.itemPageRowCount
        settings.pageByteCount = 256 << 10
        for leaf in schema.fileSchema.leaves {
            guard let first = leaf.path.first else { continue }
            var column = ColumnSettings()
            column.hasStatistics = first != "assets" && first != "links" && leaf.maxRepetitionLevel == 0
            // Rows are in the order of space and time: one page per chunk gives these columns narrow bounds.
            if leaf.path == ["assets"] { column.pageByteCount = 1 << 20 }
            if first == "bbox" || ItemShape.timeNames.contains(first) { column.pageByteCount = 1 }
            column.hasBloomFilter = leaf.path == ["id"]
            settings.columns[leaf.path.joined(separator: ".")] = column
        }
        return settings
    }
}
