#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Standard output, or a file that gets its name when it is complete.
final class ItemOutput {
    private let path: String?
    private var descriptor: Int32
    private var buffer: [UInt8] = []
    private var isFinished = false

    private static let bufferByteCount = 1 << 18

    /// - Parameter path: `nil`: standard output.
    /// - Throws: `TerrapiError` when there can be no such file.
    init(path: String?) throws {
        self.path = path
        guard let path else {
            descriptor = STDOUT_FILENO
            return
        }
        descriptor = open(path + ".part", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw Self.failure(path) }
    }

    deinit {
        guard let path, !isFinished else { return }
        close(descriptor)
        unlink(path + ".part")
    }

    func write(_ bytes: some Collection<UInt8>) throws {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferByteCount { try flush() }
    }

    func write(_ text: String) throws { try write(text.utf8) }

    func finish() throws {
        try flush()
        isFinished = true
        guard let path else { return }
        guard close(descriptor) == 0, rename(path + ".part", path) == 0 else { throw Self.failure(path) }
    }

    private func flush() throws {
        var done = 0
        while done < buffer.count {
            let count = buffer.withUnsafeBytes { bytes in
                #if canImport(Darwin)
                    Darwin.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
                #else
                    Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
                #endif
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure(path ?? "standard output") }
            done += count
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private static func failure(_ name: String) -> TerrapiError {
        TerrapiError("\(name): \(String(cString: strerror(errno)))")
    }
}
