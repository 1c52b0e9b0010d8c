import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The bytes of a segment: mapped from a file or in memory, aligned to 64, immutable, freed with the object.
///
/// `@unchecked Sendable`: nothing writes to the bytes after `init`, and the checksums are set before it is shared.
final class SegmentStorage: @unchecked Sendable {
    let base: UnsafeRawPointer
    let byteCount: Int
    /// Path of the mapped file, if any.
    private let path: String?
    /// `nil` for what is in memory: it has just been made.
    private var checksums: BlockChecksums?
    /// Zeros in the place of all bytes; made when a block is damaged.
    private let zeros = Mutex<UnsafeMutableRawPointer?>(nil)

    /// Maps a whole file.
    init(mapping path: String) throws(SegmentError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw SegmentError(description: "cannot open \(path): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size > 0,
            let address = mmap(nil, Int(status.st_size), PROT_READ, MAP_SHARED, descriptor, 0), address != MAP_FAILED
        else { throw SegmentError(description: "cannot map \(path): \(String(cString: strerror(errno)))") }
        // Searches read few pages far apart: read-ahead would evict pages that they need. Advisory only; a failure is
        // harmless.
        madvise(address, Int(status.st_size), MADV_RANDOM)
        base = UnsafeRawPointer(address)
        byteCount = Int(status.st_size)
        self.path = path
    }

    init(copying bytes: [UInt8]) {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(64, bytes.count), alignment: 64)
        bytes.withUnsafeBytes {
            memory.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(memory), byteCount: bytes.count)
        }
        base = UnsafeRawPointer(memory)
        byteCount = bytes.count
        path = nil
    }

    /// Asks the system to read some bytes of the file, if any. Advisory only; a failure is harmless.
    func prefetch(offset: Int, byteCount: Int) {
        guard path != nil, offset >= 0, offset < self.byteCount else { return }
        Self.prefetch(UnsafeRawBufferPointer(start: base + offset, count: min(byteCount, self.byteCount - offset)))
    }

    /// As above, for bytes of any storage.
    static func prefetch(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
        let ahead = Int(bitPattern: start) % Int(getpagesize())
        madvise(UnsafeMutableRawPointer(mutating: start - ahead), bytes.count + ahead, MADV_WILLNEED)
    }

    /// Reads some bytes of the file, if any, into the page cache.
    ///
    /// Each byte is read twice: under memory pressure the system first evicts pages that were read only once, and it
    /// detects their use through a mapping too late. A missing or unreadable file is ignored.
    func keepInMemory(offset: Int, byteCount: Int) {
        guard let path else { return }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        #if canImport(Glibc)
            // Without read-ahead, which may extend megabytes beyond the end.
            posix_fadvise(descriptor, 0, 0, POSIX_FADV_RANDOM)
        #endif
        let end = min(offset + byteCount, self.byteCount)
        let chunkSize = 1 << 20
        withUnsafeTemporaryAllocation(byteCount: chunkSize, alignment: 64) { buffer in
            for start in stride(from: offset, to: end, by: chunkSize) {
                for _ in 0..<2 {
                    guard pread(descriptor, buffer.baseAddress, min(chunkSize, end - start), off_t(start)) > 0 else {
                        return
                    }
                }
            }
        }
    }

    // MARK: Checksums

    /// Sets the checksums of a mapped file's first bytes, before it is shared.
    func setChecksums(of byteCount: Int, sums: UnsafeRawPointer) {
        checksums = BlockChecksums(of: UnsafeRawBufferPointer(start: base, count: byteCount), sums: sums)
    }

    /// Whether a block has been found that is not as it was written.
    var isDamaged: Bool { checksums?.isDamaged ?? false }

    /// Whether some bytes are as they were written; compares the checksums of blocks that have not been used before.
    @inline(__always)
    func isSound(_ offset: Int, _ byteCount: Int) -> Bool { checksums?.areSound(offset, byteCount) ?? true }

    /// Compares all checksums.
    func verifyAll() -> Bool { checksums?.verifyAll() ?? true }

    /// As many zeros as a pointer into the bytes points to: read in the place of damage, where every number is in bounds.
    func zeroed<Element>(_ pointer: UnsafePointer<Element>) -> UnsafePointer<Element> {
        let offset = UnsafeRawPointer(pointer) - base
        return zeros.withLock { zeros in
            if zeros == nil {
                let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
                let address = mmap(nil, byteCount, PROT_READ, flags, -1, 0)
                precondition(address != MAP_FAILED, "no address space")
                zeros = address
            }
            return UnsafeRawPointer(zeros!).advanced(by: offset).assumingMemoryBound(to: Element.self)
        }
    }

    deinit {
        if let zeros = zeros.withLock({ $0 }) { munmap(zeros, byteCount) }
        if path != nil {
            munmap(UnsafeMutableRawPointer(mutating: base), byteCount)
        } else {
            UnsafeMutableRawPointer(mutating: base).deallocate()
        }
    }
}

extension SegmentStorage {
    /// A section's elements, after a check that they lie inside the storage, together with whole groups of `padding`
    /// elements.
    func elements<Element: BitwiseCopyable>(
        _ section: SegmentLayout.Section, count: Int = 0, padding: Int = SegmentWriter.padding
    ) throws(SegmentError) -> UnsafePointer<Element> {
        guard section.offset % 64 == 0, section.offset <= byteCount, section.count >= count,
            // A count beyond the file's could overflow with its padding.
            section.count <= byteCount,
            (section.count + padding - 1) / padding * padding
                <= (byteCount - section.offset) / MemoryLayout<Element>.stride
        else { throw SegmentError(description: "a section lies outside the file") }
        return (base + section.offset).assumingMemoryBound(to: Element.self)
    }
}
