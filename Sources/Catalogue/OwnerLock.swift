#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Held by the one process that keeps a catalogue's index; freed by the system when the process ends, however.
final class OwnerLock: Sendable {
    private let descriptor: Int32

    /// - Returns: `nil` when another process holds it.
    init?(path: String) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw CatalogueError(
                .storeFailed, "The lock of the index cannot be opened.", cause: SystemError(code: errno))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
    }

    deinit { close(descriptor) }
}

/// What the operating system said.
struct SystemError: Error, CustomStringConvertible {
    let code: Int32
    var description: String { String(cString: strerror(code)) }
}
