#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file of the index could not be read or written.
public struct IndexFileError: Error, CustomStringConvertible {
    public let description: String
    /// The system's `errno`.
    public let code: Int32

    /// Whether the disk is full, or may not be written to.
    public var isLackOfSpace: Bool { [ENOSPC, EDQUOT, EROFS, EACCES].contains(code) }

    init(_ action: String, _ path: String) {
        code = errno
        description = "cannot \(action) \(path): \(String(cString: strerror(code)))"
    }
}
