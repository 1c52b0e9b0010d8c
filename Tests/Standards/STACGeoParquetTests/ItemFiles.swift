import JSON
import Parquet
import STACGeoParquet

/// Writes a file of Items, with the columns for `sample`, all Items by default.
func itemFile(
    _ items: [[UInt8]], sample: [[UInt8]]? = nil, settings: WriterSettings = WriterSettings(),
    rowGroupRows: Int = 1_000_000
) throws -> [UInt8] {
    let reader = JSONReader()
    let shape = ItemShape()
    for item in sample ?? items { try reader.read(item) { shape.add($0) } }
    return try itemFile(items, schema: ItemSchema(shape), settings: settings, rowGroupRows: rowGroupRows)
}

/// Writes a file of Items with the columns of a schema.
func itemFile(
    _ items: [[UInt8]], schema: ItemSchema, settings: WriterSettings = WriterSettings(), rowGroupRows: Int = 1_000_000
) throws -> [UInt8] {
    let reader = JSONReader()
    let builder = try ItemRowBuilder(schema: schema, settings: settings)
    var file = try ParquetFileWriter(sink: MemoryByteSink(), schema: schema.fileSchema, settings: settings)
    for item in items {
        try reader.read(item) { try builder.append($0) }
        if builder.rowCount == rowGroupRows { try file.append(builder.encode()) }
    }
    if builder.rowCount > 0 { try file.append(builder.encode()) }
    try file.finish(keyValues: ItemFileKeys(schema).keyValues)
    return file.sink.bytes
}

/// All Items of a file.
func items(_ file: [UInt8], sliceByteLimit: Int = 128 << 20) throws -> [JSONValue] {
    let reader = try ItemFileReader(file: ParquetFile(MemoryByteSource(file)), sliceByteLimit: sliceByteLimit)
    var items: [JSONValue] = []
    var fault: (any Error)?
    while try reader.next({ row, item in
        do {
            if row != items.count { throw Misplaced(row: row) }
            items.append(try JSONValue(parsing: Array(item.get())))
        } catch {
            fault = fault ?? error
        }
    }) {}
    if let fault { throw fault }
    return items
}

struct Misplaced: Error {
    let row: Int
}
