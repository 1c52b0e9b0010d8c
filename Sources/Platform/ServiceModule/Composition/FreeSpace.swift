import Telemetry

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The space of the file system that a directory is in, in bytes.
struct FreeSpace {
    /// Without what is reserved for the superuser.
    let free: Double
    let size: Double

    /// - Returns: `nil` when there is no such directory.
    init?(at directory: String) {
        var system = statvfs()
        guard statvfs(directory, &system) == 0 else { return nil }
        // Not as integers: some network file systems say that they have almost 2^64 blocks.
        let blockByteCount = Double(system.f_frsize)
        free = Double(system.f_bavail) * blockByteCount
        size = Double(system.f_blocks) * blockByteCount
    }

    var metrics: [MetricFamily] {
        [
            MetricFamily(
                "terrabyte_home_free_bytes", .gauge,
                help: "Free space of the file system of the catalogue's directory.",
                value: free),
            MetricFamily(
                "terrabyte_home_size_bytes", .gauge, help: "Size of the file system of the catalogue's directory.",
                value: size),
        ]
    }
}
