#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension ViewDatabase {
    /// Puts the database at `path`, in the place of what is there, in one step: whoever opens it gets the old file or
    /// the new one, and whoever has the old one open keeps it.
    ///
    /// - Throws: `DuckDBFileError`; what is at `path` is then as it was.
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
        // Some network file systems refuse to synchronize a directory (EINVAL), and need not be asked.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw .last("synchronize", directory) }
    }
}

extension DuckDBFileError {
    /// What the system said last.
    fileprivate static func last(_ action: String, _ path: String) -> DuckDBFileError {
        .system(action: action, path: path, code: errno)
    }

    static func message(of code: Int32) -> String { String(cString: strerror(code)) }
}
