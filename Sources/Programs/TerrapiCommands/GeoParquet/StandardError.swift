#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The stream for messages beside the output.
enum StandardError {
    static func write(_ text: String) {
        // A failure to write here cannot be reported.
        _ = Array(text.utf8).withUnsafeBytes { bytes in
            #if canImport(Darwin)
                Darwin.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
            #else
                Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
            #endif
        }
    }
}
