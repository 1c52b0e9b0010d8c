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

    init(_ action: String, _ path: String) {
        code = errno
        description = "cannot \(action) \(path): \(String(cString: strerror(code)))"
    }
}
