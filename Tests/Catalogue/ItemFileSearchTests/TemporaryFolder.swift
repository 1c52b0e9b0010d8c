import JSON
import Parquet
import STACGeoParquet

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A folder that goes with its owner.
final class TemporaryFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/item-file-search-XXXXXX".utf8CString)
        guard let path = mkdtemp(&template) else { throw ParquetError.inputOutput("mkdtemp") }
        self.path = String(cString: path)
    }

    deinit {
        remove(path)
    }

    private func remove(_ path: String) {
        if let stream = opendir(path) {
            while let entry = readdir(stream) {
                let name = withUnsafeBytes(of: entry.pointee.d_name) {
                    String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name == "." || name == ".." { continue }
                let child = path + "/" + name
                var status = stat()
                if lstat(child, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
                    remove(child)
                } else {
                    unlink(child)
                }
            }
            closedir(stream)
        }
        rmdir(path)
    }

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
        keys.notes.box = builder.box
        try writer.finish(keyValues: keys.keyValues)
        try put(writer.sink.bytes, name)
    }

    /// A file without its last part.
    func cut(_ name: String, to other: String) throws {
        let source = try FileByteSource(path: path + "/" + name)
        try put(try source.withBytes(in: 0..<source.byteCount / 2) { Array($0) }, other)
    }

    private func put(_ bytes: [UInt8], _ name: String) throws {
        guard let file = fopen(path + "/" + name, "w") else { throw ParquetError.inputOutput(name) }
        defer { fclose(file) }
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw ParquetError.inputOutput(name) }
    }
}
