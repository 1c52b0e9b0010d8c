public import Parquet

extension WriterSettings {
    /// How files of Items are written: see `docs/performance.md` for the measurements behind it.
    ///
    /// Members of assets and links are seldom searched by: least and greatest values of hundreds of columns would make
    /// every footer longer.
    public static func items(_ schema: ItemSchema, zstdLevel: Int32 = 9) -> WriterSettings {
        var settings = WriterSettings()
        settings.compression = .zstd(level: zstdLevel)
        settings.pageRowCount = 4096
        settings.pageByteCount = 1 << 20
        for leaf in schema.fileSchema.leaves {
            guard let first = leaf.path.first else { continue }
            var column = ColumnSettings()
            column.hasStatistics = first != "assets" && first != "links" && leaf.maxRepetitionLevel == 0
            column.hasBloomFilter = leaf.path == ["id"]
            settings.columns[leaf.path.joined(separator: ".")] = column
        }
        return settings
    }
}
