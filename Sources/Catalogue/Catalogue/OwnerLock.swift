#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Held by the one process that owns a directory's content, such as a catalogue's index; freed by the system when the
/// process ends for any reason.
package final class OwnerLock: Sendable {
    private let descriptor: Int32

    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// - Parameter patience: Maximum wait for another process that holds it; `nil`: until that process ends.
    /// - Returns: `nil` when another process holds it.
    /// - Throws: `CatalogueError` when the file cannot be opened or locked: `storeFull`, `notWritable` or `storeFailed`.
    package static func acquire(path: String, patience: Duration? = .zero) throws -> OwnerLock? {
        func failure() -> CatalogueError {
            let error = SystemError(code: errno, path: path)
            switch error.code {
            case ENOSPC, EDQUOT: return CatalogueError(.storeFull, "The disk is full.", cause: error)
            case EACCES, EROFS, EPERM:
                return CatalogueError(.notWritable, "There is no permission to write to the directory.", cause: error)
            default: return CatalogueError(.storeFailed, "The directory cannot be locked.", cause: error)
            }
        }
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure() }
        let lock = OwnerLock(descriptor: descriptor)
        let start = ContinuousClock.now
        while flock(descriptor, LOCK_EX | (patience == nil ? 0 : LOCK_NB)) != 0 {
            if errno == EINTR { continue }
            // A file system without locks must not look like a second server.
            guard errno == EWOULDBLOCK else { throw failure() }
            if let patience, ContinuousClock.now - start >= patience { return nil }
            usleep(10_000)
        }
        return lock
    }
}
