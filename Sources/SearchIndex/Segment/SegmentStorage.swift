#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The bytes of a segment: mapped from a file or in memory, aligned to 64, never changed, freed with the object.
///
/// `@unchecked Sendable`: nothing writes to the bytes after `init`.
final class SegmentStorage: @unchecked Sendable {
    let base: UnsafeRawPointer
    let byteCount: Int
    private let isMapped: Bool

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
        // Searches look at few pages far apart: what the system reads ahead would drive out what they need. An advice
        // only, whose refusal does no harm.
        madvise(address, Int(status.st_size), MADV_RANDOM)
        base = UnsafeRawPointer(address)
        byteCount = Int(status.st_size)
        isMapped = true
    }

    init(copying bytes: [UInt8]) {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(64, bytes.count), alignment: 64)
        bytes.withUnsafeBytes {
            memory.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(memory), byteCount: bytes.count)
        }
        base = UnsafeRawPointer(memory)
        byteCount = bytes.count
        isMapped = false
    }

    /// Asks the system to read some bytes of the file, where there is one. An advice only, whose refusal does no harm.
    func prefetch(offset: Int, byteCount: Int) {
        guard isMapped, offset >= 0, offset < self.byteCount else { return }
        let page = Int(getpagesize())
        let start = offset / page * page
        let end = min(offset + byteCount, self.byteCount)
        guard start < end else { return }
        madvise(UnsafeMutableRawPointer(mutating: base + start), end - start, MADV_WILLNEED)
    }

    deinit {
        if isMapped {
            munmap(UnsafeMutableRawPointer(mutating: base), byteCount)
        } else {
            UnsafeMutableRawPointer(mutating: base).deallocate()
        }
    }
}

extension SegmentStorage {
    /// A section's elements, after a look whether they lie inside the storage, and whole groups of `padding` elements
    /// with them.
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
