#if canImport(Glibc)
    import CGlibc
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension Parallel {
    /// Cores that this process may use: those that the system has, less those that `taskset`, a batch system or a
    /// container's CPU set keep from it. As of the first call.
    package static let coreCount = max(1, allowedCoreCount ?? Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))

    /// `nil` where the system does not say.
    private static var allowedCoreCount: Int? {
        #if canImport(Glibc)
            var cores = cpu_set_t()
            guard sched_getaffinity(0, MemoryLayout<cpu_set_t>.size, &cores) == 0 else { return nil }
            return withUnsafeBytes(of: cores) { $0.reduce(0) { $0 + $1.nonzeroBitCount } }
        #else
            return nil
        #endif
    }
}
