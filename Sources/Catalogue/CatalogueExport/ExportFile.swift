import JSON
import Parquet

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that gets its name when it is complete and on disk: a file with the name is complete, whenever the process
/// ends.
///
/// `@unchecked Sendable`: used by one thread at a time, under the writer's lock.
final class ExportFile: ByteSink, @unchecked Sendable {
    private let path: String
    private let partialPath: String
    private var descriptor: Int32
    private var isFinished = false

    init(path: String) throws(ExportError) {
        self.path = path
        partialPath = path + ".part"
        descriptor = open(partialPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw ExportError("create", path) }
    }

    deinit {
        guard !isFinished else { return }
        close(descriptor)
        unlink(partialPath)
    }

    func write(_ bytes: [UInt8]) throws(ParquetError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Self.write(descriptor, $0.baseAddress! + written, min(bytes.count - written, 1 << 30))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .inputOutput(ExportError("write", path).description) }
            written += count
        }
    }

    private static func write(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, bytes, count)
        #else
            Darwin.write(descriptor, bytes, count)
        #endif
    }

    /// Moves the file to its path.
    func finish() throws(ExportError) {
        isFinished = true
        let isSynced = fsync(descriptor) == 0
        guard close(descriptor) == 0, isSynced, rename(partialPath, path) == 0 else {
            let error = ExportError("finish", path)
            unlink(partialPath)
            throw error
        }
    }

    /// The content of the first of some small files; `nil` when there is none, or no JSON.
    static func json(at directory: String, _ names: [String]) -> JSONValue? {
        names.lazy.compactMap { json(at: "\(directory)/\($0)") }.first
    }

    /// The content of a small file; `nil` when there is none, or no JSON.
    static func json(at path: String) -> JSONValue? {
        guard let source = try? FileByteSource(path: path),
            let bytes = try? source.withBytes(in: 0..<source.byteCount, { Array($0) })
        else { return nil }
        return try? JSONValue(parsing: bytes)
    }

    /// Writes a small file at once.
    static func write(_ bytes: [UInt8], to path: String) throws {
        let file = try ExportFile(path: path)
        try file.write(bytes)
        try file.finish()
    }
}
