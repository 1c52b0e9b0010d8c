#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Where what is said beside the output goes.
enum StandardError {
    static func write(_ text: String) {
        // What cannot be said here cannot be said anywhere.
        _ = Array(text.utf8).withUnsafeBytes { bytes in
            #if canImport(Darwin)
                Darwin.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
            #else
                Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
            #endif
        }
    }
}
