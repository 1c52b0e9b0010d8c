#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension Parallel {
    /// Cores of the machine that are in use. Where a process may run on fewer, Dispatch starts no more threads than that.
    package static let coreCount = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
}
