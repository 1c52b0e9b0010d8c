import JSON
import Parquet
import STACGeoParquet
import TestKit

extension TemporaryDirectory {
    /// Writes a file of many small row groups and pages.
    func write(_ items: [JSONValue], to name: String) throws {
        let reader = JSONReader()
        let shape = ItemShape()
        for item in items { try item.serialized().withUnsafeBytes { try reader.read($0) { shape.add($0) } } }
        let schema = ItemSchema(shape)
        var settings = WriterSettings.items(schema)
        settings.pageRowCount = 8
        let builder = try ItemRowBuilder(schema: schema, settings: settings)
        var writer = try ParquetFileWriter(sink: MemoryByteSink(), schema: schema.fileSchema, settings: settings)
        for item in items {
            try item.serialized().withUnsafeBytes { try reader.read($0) { try builder.append($0) } }
            if builder.rowCount == 50 { try writer.append(builder.encode()) }
        }
        if builder.rowCount > 0 { try writer.append(builder.encode()) }
        var keys = ItemFileKeys(schema)
        keys.columnMetadata.box = builder.box
        keys.columnMetadata.hasWideBoxes = builder.hasWideBoxes
        try writer.finish(keyValues: keys.keyValues)
        try write(writer.sink.bytes, to: name)
    }

    /// A file without its last part.
    func cut(_ name: String, to other: String) throws {
        let source = try FileByteSource(path: path(name))
        try write(try source.withBytes(in: 0..<source.byteCount / 2) { Array($0) }, to: other)
    }
}
