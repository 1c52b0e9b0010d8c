#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Why an export could not be made.
public struct ExportError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }

    /// The operating system's error for a step with a file.
    init(_ step: String, _ path: String, code: Int32 = errno) {
        description = "Cannot \(step) \(path): \(String(cString: strerror(code)))"
    }
}
