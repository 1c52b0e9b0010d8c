#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A catalogue's location in the file system.
package enum CatalogueDirectory {
    /// Creates a directory, and its parents, if it does not exist.
    ///
    /// - Parameter path: Relative or absolute; empty: the working directory.
    /// - Returns: Its absolute path without symbolic links.
    /// - Throws: `CatalogueError` with `storeFailed` when it cannot be created or written to.
    package static func make(_ path: String) throws -> String {
        let path = path.isEmpty ? "." : path
        try makeMissing(path)
        guard let resolved = realpath(path, nil) else {
            throw failure("The catalogue's directory cannot be found.", path)
        }
        defer { free(resolved) }
        let directory = String(cString: resolved)
        guard access(directory, R_OK | W_OK | X_OK) == 0 else {
            throw failure("The catalogue's directory cannot be written to.", directory)
        }
        return directory
    }

    /// - Returns: The absolute path, without symbolic links, of a directory that exists.
    /// - Throws: `CatalogueError` with `storeMissing` when there is none, `storeFailed` when it cannot be read.
    package static func existing(_ path: String) throws -> String {
        let path = path.isEmpty ? "." : path
        guard let resolved = realpath(path, nil) else {
            guard errno != ENOENT else {
                throw CatalogueError(.storeMissing, "There is no catalogue in \(path).")
            }
            throw failure("The catalogue's directory cannot be found.", path)
        }
        defer { free(resolved) }
        let directory = String(cString: resolved)
        guard isDirectory(directory) else { throw failure("This is no directory.", directory, ENOTDIR) }
        guard access(directory, R_OK | X_OK) == 0 else {
            throw failure("The catalogue's directory cannot be read.", directory)
        }
        return directory
    }

    /// Removes a directory that has nothing in it.
    package static func removeEmpty(_ path: String) { rmdir(path) }

    /// Whether files can be written, and made in a directory.
    package static func isWritable(_ path: String) -> Bool { access(path, W_OK) == 0 }

    /// Whether a file is there.
    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The names in a directory; empty if it cannot be read.
    package static func names(in path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Whether two paths refer to the same directory.
    static func areSame(_ left: String, _ right: String) -> Bool {
        var (first, second) = (stat(), stat())
        guard stat(left, &first) == 0, stat(right, &second) == 0 else { return false }
        return first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }

    private static func makeMissing(_ path: String) throws {
        // An existing directory is not created again: on a read-only file system, mkdir may fail with EROFS first.
        guard !isDirectory(path) else { return }
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try makeMissing(String(path[..<slash])) }
        guard mkdir(path, 0o755) != 0 else { return }
        let reason = errno
        // Another process may have been faster; and "a/" is created with "a".
        guard !isDirectory(path) else { return }
        throw failure("The catalogue's directory cannot be made.", path, reason == EEXIST ? ENOTDIR : reason)
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func failure(_ message: String, _ path: String, _ code: Int32 = errno) -> CatalogueError {
        CatalogueError(.storeFailed, message, cause: SystemError(code: code, path: path))
    }
}

/// The operating system's error message.
struct SystemError: Error, CustomStringConvertible {
    let code: Int32
    let path: String
    var description: String { "\(path): \(String(cString: strerror(code)))" }
}
