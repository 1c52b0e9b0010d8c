#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Processors that the system lets programs run on.
package enum ProcessorCount {
    package static let active = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
}
