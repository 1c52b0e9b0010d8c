import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Threads that are inside something.
final class ThreadSet: Sendable {
    private let threads = Mutex<Set<UInt>>([])

    private static var current: UInt {
        #if canImport(Glibc)
            UInt(pthread_self())
        #else
            UInt(bitPattern: pthread_self())
        #endif
    }

    var containsCurrent: Bool { threads.withLock { $0.contains(Self.current) } }
    func insertCurrent() { threads.withLock { _ = $0.insert(Self.current) } }
    func removeCurrent() { threads.withLock { _ = $0.remove(Self.current) } }
}

func blockThread(for duration: Duration) {
    usleep(useconds_t(min(duration, .seconds(10)).seconds * 1e6))
}
