#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The files that paths denote: files, folders with all `.parquet` files below them, and patterns with `*`, `?` and
/// `[…]`.
///
/// A folder that is a symbolic link is resolved once, before it is listed: an export that is swapped meanwhile by
/// changing the link is read either before or after the change, never mixed.
public enum ItemFilePaths {
    /// - Returns: In the order of `paths`; those of one folder or pattern sorted by their bytes, each file once.
    /// - Throws: `ItemFileSearchError` for a path that does not exist, and for one that denotes no file.
    public static func files(of paths: [String]) throws(ItemFileSearchError) -> [String] {
        var files: [String] = []
        var known: Set<String> = []
        for path in paths {
            let found = try expanded(path)
            guard !found.isEmpty else {
                throw ItemFileSearchError(path: path, reason: "there are no Parquet files")
            }
            for file in found where known.insert(file).inserted { files.append(file) }
        }
        return files
    }

    private static func expanded(_ path: String) throws(ItemFileSearchError) -> [String] {
        switch kind(path) {
        case .folder: return try parquetFiles(below: resolved(path))
        case .file: return [path]
        case nil: break
        }
        guard path.contains(where: { "*?[".contains($0) }) else {
            throw ItemFileSearchError(path: path, reason: "no such file or folder")
        }
        // The part before the first wildcard is one folder, which is resolved once.
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let plain = parts.prefix { !$0.contains(where: { "*?[".contains($0) }) }
        guard !plain.isEmpty else { return try matches(path) }
        let folder = plain.joined(separator: "/")
        let root = resolved(folder.isEmpty ? "/" : folder)
        let pattern = parts.dropFirst(plain.count).joined(separator: "/")
        return try matches(escaped(root) + (root.hasSuffix("/") ? "" : "/") + pattern)
    }

    private static func matches(_ pattern: String) throws(ItemFileSearchError) -> [String] {
        var result = glob_t()
        defer { globfree(&result) }
        let code = glob(pattern, GLOB_NOSORT, nil, &result)
        guard code == 0 || code == GLOB_NOMATCH else {
            throw ItemFileSearchError(path: pattern, reason: "the folder cannot be read")
        }
        var found: [String] = []
        for index in 0..<Int(result.gl_pathc) {
            guard let name = result.gl_pathv[index] else { continue }
            found.append(String(cString: name))
        }
        var files: [String] = []
        for path in found.sorted(by: precedes) {
            if kind(path) == .folder {
                files += try parquetFiles(below: resolved(path))
            } else {
                files.append(path)
            }
        }
        return files
    }

    /// Names that begin with a dot or an underscore are unfinished files or metadata.
    private static func parquetFiles(below folder: String) throws(ItemFileSearchError) -> [String] {
        guard let stream = opendir(folder) else {
            throw ItemFileSearchError(path: folder, reason: String(cString: strerror(errno)))
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix("."), !name.hasPrefix("_") { names.append(name) }
        }
        var files: [String] = []
        for name in names.sorted(by: precedes) {
            let path = folder + (folder.hasSuffix("/") ? "" : "/") + name
            switch kind(path) {
            case .folder: files += try parquetFiles(below: resolved(path))
            case .file where name.hasSuffix(".parquet") || name.hasSuffix(".geoparquet"): files.append(path)
            default: break
            }
        }
        return files
    }

    private enum Kind { case file, folder }

    private static func kind(_ path: String) -> Kind? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
    }

    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    /// A path in which a pattern's special characters are escaped.
    private static func escaped(_ path: String) -> String {
        path.reduce(into: "") { $0 += "*?[\\".contains($1) ? "\\\($1)" : String($1) }
    }

    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}
