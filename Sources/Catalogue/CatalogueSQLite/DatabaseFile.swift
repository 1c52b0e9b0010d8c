#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The state of a database's file, by which a change of it shows.
struct DatabaseFile: Equatable {
    let path: String
    /// Whether a process has it open, or had when it died: there are the log and its index then.
    let isInUse: Bool
    private let number: UInt64
    private let byteCount: Int
    /// When it was last written, in nanoseconds.
    private let time: Int64

    init(_ path: String) {
        self.path = path
        var status = stat()
        if stat(path, &status) == 0 {
            number = UInt64(status.st_ino)
            byteCount = Int(status.st_size)
            #if canImport(Glibc)
                let time = status.st_mtim
            #else
                let time = status.st_mtimespec
            #endif
            self.time = Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
        } else {
            (number, byteCount, time) = (0, 0, 0)
        }
        isInUse = fileByteCount(path + "-wal") > 0 || access(path + "-shm", F_OK) == 0
    }
}
