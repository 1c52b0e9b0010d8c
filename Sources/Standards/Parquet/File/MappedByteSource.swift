#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A file mapped into memory: nothing is copied, but the process is killed when the file is truncated meanwhile.
///
/// For files that are replaced as a whole and never changed. `@unchecked Sendable`: the mapping is read only.
public final class MappedByteSource: ByteSource, @unchecked Sendable {
    private let bytes: UnsafeRawBufferPointer

    /// - Throws: `ParquetError.inputOutput` when there is no such file, or it is empty.
    public init(path: String) throws(ParquetError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .inputOutput("\(path): \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .inputOutput("\(path): not a regular file")
        }
        guard let base = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED
        else {
            throw .inputOutput("\(path): \(String(cString: strerror(errno)))")
        }
        bytes = UnsafeRawBufferPointer(start: base, count: Int(status.st_size))
    }

    deinit {
        munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress!), bytes.count)
    }

    public var byteCount: Int { bytes.count }

    public func withBytes<Result>(
        in ranges: [Range<Int>], _ body: ([UnsafeRawBufferPointer]) throws(ParquetError) -> Result
    ) throws(ParquetError) -> Result {
        try check(ranges)
        return try body(ranges.map { UnsafeRawBufferPointer(rebasing: bytes[$0]) })
    }
}
