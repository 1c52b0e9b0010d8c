import Telemetry

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The space of the file system that a directory is in, in bytes.
struct FreeSpace {
    /// Without what is reserved for the superuser.
    let free: Int
    let size: Int

    /// - Returns: `nil` when there is no such directory.
    init?(at directory: String) {
        var system = statvfs()
        guard statvfs(directory, &system) == 0 else { return nil }
        free = Int(clamping: UInt64(system.f_bavail) * UInt64(system.f_frsize))
        size = Int(clamping: UInt64(system.f_blocks) * UInt64(system.f_frsize))
    }

    var metrics: [MetricFamily] {
        [
            MetricFamily(
                "terrabyte_home_free_bytes", .gauge,
                help: "Free space of the file system of the catalogue's directory.",
                value: Double(free)),
            MetricFamily(
                "terrabyte_home_size_bytes", .gauge, help: "Size of the file system of the catalogue's directory.",
                value: Double(size)),
        ]
    }
}
