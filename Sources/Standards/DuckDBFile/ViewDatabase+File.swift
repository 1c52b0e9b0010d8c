#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension ViewDatabase {
    /// Replaces the file at `path` by the database atomically: a reader opens either the old file or the new one, and
    /// an open old file stays readable.
    ///
    /// - Throws: `DuckDBFileError`; the file at `path` is then unchanged.
    public func write(to path: String) throws(DuckDBFileError) {
        let bytes = try bytes()
        let partial = "\(path).\(getpid()).part"
        do throws(DuckDBFileError) {
            try Self.write(bytes, to: partial)
            guard rename(partial, path) == 0 else { throw .last("rename", partial) }
        } catch {
            unlink(partial)
            throw error
        }
        try Self.synchronizeDirectory(of: path)
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(DuckDBFileError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .last("create", path) }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            #if canImport(Glibc)
                let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            #else
                let count = rest.withUnsafeBytes { Darwin.write(descriptor, $0.baseAddress, $0.count) }
            #endif
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .last("write", path) }
            rest = rest.dropFirst(count)
        }
        guard fsync(descriptor) == 0 else { throw .last("synchronize", path) }
    }

    /// Makes the new name outlive a loss of power.
    private static func synchronizeDirectory(of path: String) throws(DuckDBFileError) {
        let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = open(directory, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last("open", directory) }
        defer { close(descriptor) }
        // Some network file systems do not support synchronizing a directory (EINVAL), and do not need it.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw .last("synchronize", directory) }
    }
}

extension DuckDBFileError {
    /// The error of the last system call.
    fileprivate static func last(_ action: String, _ path: String) -> DuckDBFileError {
        .system(action: action, path: path, code: errno)
    }

    static func message(of code: Int32) -> String { String(cString: strerror(code)) }
}
