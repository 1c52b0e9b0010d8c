import HTTPEdge
import JSON
import Logging
import NIOCore
import Parquet
import STACAPI
import STACGeoParquet

/// Writes a page of Items as a GeoParquet file, with the columns that these Items need.
enum ItemFile {
    /// Items that are not I-JSON, stored before that was checked, are left out, with a warning in the log: the columns
    /// do not hold them.
    ///
    /// - Parameters:
    ///   - lines: Items with a line for each.
    ///   - logger: For the warning.
    /// - Throws: `ParquetError` for Items that no file holds; `JSONError`; `SearchAborted.cancelled`.
    static func buffer(_ lines: ByteBuffer, _ cancellation: Cancellation, _ logger: Logger) throws -> ByteBuffer {
        let reader = JSONReader(.rfc8259)
        func forEachItem(
            onFault: (JSONElement, JSONError) -> Void = { _, _ in }, _ body: (JSONElement) throws -> Void
        ) throws {
            try lines.withUnsafeReadableBytes { bytes in
                // The texts are without insignificant whitespace, and a string cannot hold a line break.
                for line in bytes.split(separator: UInt8(ascii: "\n")) {
                    if cancellation.isCancelled { throw SearchAborted.cancelled }
                    try reader.read(UnsafeRawBufferPointer(rebasing: line)) { item in
                        if let fault = reader.interoperabilityFault(of: item) { return onFault(item, fault) }
                        try body(item)
                    }
                }
            }
        }
        let shape = ItemShape()
        try forEachItem {
            logger.warning(
                "An Item that is not I-JSON is left out of a GeoParquet response",
                metadata: ["stac.item": "\($0.member("id")?.string ?? "")", "error": "\($1)"])
        } _: {
            shape.add($0)
        }
        let schema = ItemSchema(shape)
        // The client waits for it.
        let settings = WriterSettings.items(schema, zstdLevel: 3)
        var writer = try ParquetFileWriter(sink: MemoryByteSink(), schema: schema.fileSchema, settings: settings)
        let builder = try ItemRowBuilder(schema: schema, settings: settings)
        try forEachItem { try builder.append($0) }
        if builder.rowCount > 0 { try writer.append(builder.encode()) }
        var keys = ItemFileKeys(schema)
        keys.columnMetadata.box = builder.box
        keys.columnMetadata.hasWideBoxes = builder.hasWideBoxes
        try writer.finish(keyValues: keys.keyValues)
        return ByteBuffer(bytes: writer.sink.bytes)
    }
}
