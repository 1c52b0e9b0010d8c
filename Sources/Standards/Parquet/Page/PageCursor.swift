import Compression

/// Iterates over consecutive pages in some bytes.
struct PageCursor {
    private let bytes: UnsafeRawBufferPointer
    private let limits: ReaderLimits
    private let verifiesChecksums: Bool
    private var at = 0

    init(_ bytes: UnsafeRawBufferPointer, _ limits: ReaderLimits, verifiesChecksums: Bool) {
        self.bytes = bytes
        self.limits = limits
        self.verifiesChecksums = verifiesChecksums
    }

    /// The next page as it is in the file; `nil` at the end.
    mutating func next() throws(ParquetError) -> (header: PageHeader, content: UnsafeRawBufferPointer)? {
        guard at < bytes.count else { return nil }
        let (header, headerByteCount) = try PageHeader.read(UnsafeRawBufferPointer(rebasing: bytes[at...]))
        let start = at + headerByteCount
        guard header.compressedByteCount <= bytes.count - start else {
            throw .truncated(.page, needed: header.compressedByteCount, available: bytes.count - start)
        }
        let size = max(header.compressedByteCount, header.uncompressedByteCount)
        guard size <= limits.pageByteCount else { throw .tooLarge(.page, size, limit: limits.pageByteCount) }
        at = start + header.compressedByteCount
        return (header, UnsafeRawBufferPointer(rebasing: bytes[start..<at]))
    }

    /// - Throws: `ParquetError.checksumMismatch`, if the header has a checksum and the cursor verifies them.
    func verify(_ header: PageHeader, _ content: UnsafeRawBufferPointer) throws(ParquetError) {
        guard verifiesChecksums, let stated = header.checksum else { return }
        let computed = crc32(content)
        guard computed == stated else { throw .checksumMismatch(stated: stated, computed: computed) }
    }
}
