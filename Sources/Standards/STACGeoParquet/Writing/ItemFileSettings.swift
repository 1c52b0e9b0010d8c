public import Parquet

extension WriterSettings {
    /// Rows that are close to each other in files of Items.
    public static let stretchRowCount = 2048

    /// How files of Items are written: see `docs/performance.md` for the measurements behind it.
    ///
    /// Members of assets and links are seldom searched by: least and greatest values of hundreds of columns would make
    /// every footer longer. Pages are of whole stretches of 2,048 rows: what DuckDB decodes at once, and a reader that
    /// looks for few Items unpacks. Assets as text are 20 times smaller when packed: their pages are longer, so that a
    /// page has more of what repeats.
    public static func items(_ schema: ItemSchema, zstdLevel: Int32 = 9) -> WriterSettings {
        var settings = WriterSettings()
        settings.compression = .zstd(level: zstdLevel)
        settings.pageRowCount = Self.stretchRowCount
        settings.pageByteCount = 256 << 10
        for leaf in schema.fileSchema.leaves {
            guard let first = leaf.path.first else { continue }
            var column = ColumnSettings()
            column.hasStatistics = first != "assets" && first != "links" && leaf.maxRepetitionLevel == 0
            // Rows are in the order of place and time: a page of these for each stretch has narrow bounds.
            if leaf.path == ["assets"] { column.pageByteCount = 1 << 20 }
            if first == "bbox" || ItemShape.timeNames.contains(first) { column.pageByteCount = 1 }
            column.hasBloomFilter = leaf.path == ["id"]
            settings.columns[leaf.path.joined(separator: ".")] = column
        }
        return settings
    }
}
