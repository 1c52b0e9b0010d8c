#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A file that is read by position. A file that is cut off meanwhile gives errors, which a mapped one does not.
public final class FileByteSource: ByteSource {
    public let path: String
    public let byteCount: Int
    private let descriptor: Int32

    /// Ranges that lie closer together are read in one call, in bytes.
    private static let gapLimit = 4096

    /// - Throws: `ParquetError.inputOutput` when there is no such file, or no regular one.
    public init(path: String) throws(ParquetError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .inputOutput("\(path): \(String(cString: strerror(errno)))") }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .inputOutput("\(path): not a regular file")
        }
        self.path = path
        self.descriptor = descriptor
        byteCount = Int(status.st_size)
    }

    deinit {
        close(descriptor)
    }

    public func withBytes<Result>(
        in ranges: [Range<Int>], _ body: ([UnsafeRawBufferPointer]) throws(ParquetError) -> Result
    ) throws(ParquetError) -> Result {
        try check(ranges)
        let blocks = Self.joined(ranges)
        var buffers: [UnsafeMutableRawBufferPointer] = []
        defer { for buffer in buffers { buffer.deallocate() } }
        for block in blocks {
            buffers.append(.allocate(byteCount: block.count, alignment: 16))
            try read(block, into: buffers[buffers.count - 1])
        }
        var index = 0
        let parts = ranges.map { range in
            while range.upperBound > blocks[index].upperBound { index += 1 }
            let start = range.lowerBound - blocks[index].lowerBound
            return UnsafeRawBufferPointer(rebasing: buffers[index][start..<start + range.count])
        }
        return try body(parts)
    }

    /// `ranges`, with neighbouring ones merged.
    static func joined(_ ranges: [Range<Int>]) -> [Range<Int>] {
        var blocks: [Range<Int>] = []
        for range in ranges {
            if let last = blocks.last, range.lowerBound >= last.lowerBound,
                range.lowerBound - last.upperBound <= gapLimit
            {
                blocks[blocks.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                blocks.append(range)
            }
        }
        return blocks
    }

    private func read(_ range: Range<Int>, into buffer: UnsafeMutableRawBufferPointer) throws(ParquetError) {
        var done = 0
        while done < range.count {
            let count = pread(
                descriptor, buffer.baseAddress! + done, range.count - done, off_t(range.lowerBound + done))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .inputOutput("\(path): \(String(cString: strerror(errno)))") }
            guard count > 0 else { throw .inputOutput("\(path): has become shorter") }
            done += count
        }
    }
}
