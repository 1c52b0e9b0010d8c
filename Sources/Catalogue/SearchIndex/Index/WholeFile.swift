#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

func readFile(_ path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw IndexFileError("open", path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw IndexFileError("look at", path) }
    var count = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, initialized in
        while count < buffer.count {
            let got = read(descriptor, buffer.baseAddress! + count, buffer.count - count)
            if got <= 0 { break }
            count += got
        }
        initialized = count
    }
    return bytes
}

/// Writes to a temporary name, syncs, then renames.
func writeFile(_ path: String, _ bytes: UnsafeRawBufferPointer) throws {
    let partial = path + ".part"
    let descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw IndexFileError("create", partial) }
    var written = 0
    while written < bytes.count {
        let count = write(descriptor, bytes.baseAddress! + written, min(bytes.count - written, 1 << 30))
        if count < 0, errno == EINTR { continue }
        guard count > 0 else {
            let error = IndexFileError("write", partial)
            close(descriptor)
            unlink(partial)
            throw error
        }
        written += count
    }
    let isSynced = fsync(descriptor) == 0
    guard close(descriptor) == 0, isSynced, rename(partial, path) == 0 else {
        let error = IndexFileError("finish", path)
        unlink(partial)
        throw error
    }
}
