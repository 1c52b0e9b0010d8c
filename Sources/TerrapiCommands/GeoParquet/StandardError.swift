#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Where what is said beside the output goes.
enum StandardError {
    static func write(_ text: String) {
        fputs(text, stderr)
    }
}
