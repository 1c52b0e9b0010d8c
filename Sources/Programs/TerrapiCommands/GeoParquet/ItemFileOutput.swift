import ItemFileSearch
import JSON
import Parquet
import STACGeoParquet

/// Writes found Items as a GeoParquet file of their own.
struct ItemFileOutput {
    private let found: FoundItems
    private static let rowGroupRowCount = 8192

    init(_ found: FoundItems) {
        self.found = found
    }

    /// Reads the Items twice: first for columns that can hold all of them, then for their values.
    func write(to path: String) throws {
        let json = JSONReader()
        let shape = ItemShape()
        try found.forEachItem { text in
            try text.withUnsafeBytes { bytes in try json.read(bytes) { shape.add($0) } }
        }
        let schema = ItemSchema(shape)
        let settings = WriterSettings.items(schema)
        let output = try ItemOutput(path: path)
        var writer = try ParquetFileWriter(sink: OutputSink(output), schema: schema.fileSchema, settings: settings)
        let builder = try ItemRowBuilder(schema: schema, settings: settings)
        try found.forEachItem { text in
            try text.withUnsafeBytes { bytes in try json.read(bytes) { try builder.append($0) } }
            if builder.rowCount == Self.rowGroupRowCount { try writer.append(builder.encode()) }
        }
        if builder.rowCount > 0 { try writer.append(builder.encode()) }
        var keys = ItemFileKeys(schema)
        keys.columnMetadata.box = builder.box
        keys.columnMetadata.hasWideBoxes = builder.hasWideBoxes
        try writer.finish(keyValues: keys.keyValues)
        try output.finish()
    }
}

private struct OutputSink: ByteSink {
    private let output: ItemOutput

    init(_ output: ItemOutput) {
        self.output = output
    }

    func write(_ bytes: [UInt8]) throws(ParquetError) {
        do {
            try output.write(bytes)
        } catch {
            throw .inputOutput("\(error)")
        }
    }
}
