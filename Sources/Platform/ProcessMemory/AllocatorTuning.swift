import Foundation

#if canImport(Glibc)
    import CMalloc
#endif

/// What the process does with memory that it needs no more.
public enum AllocatorTuning {
    /// Keeps it for what comes next.
    ///
    /// The GNU library gives large blocks back to the system each time, which then has to clear pages anew: for buffers
    /// of a megabyte, one after the other, that takes up to half of the time. Elsewhere nothing changes.
    ///
    /// - Parameters:
    ///   - blockByteCount: Larger blocks are given back all the same.
    ///   - byteCount: About so much is kept for each of the library's arenas, of which busy threads have one each.
    public static func keepFreed(blocksUpTo blockByteCount: Int, atMost byteCount: Int) {
        #if canImport(Glibc)
            mallopt(M_MMAP_THRESHOLD, CInt(clamping: blockByteCount))
            mallopt(M_TRIM_THRESHOLD, CInt(clamping: byteCount))
            mallopt(M_TOP_PAD, 1 << 20)
        #endif
    }

    /// Keeps it in so few of the library's arenas that it does not lie about unused: a thread takes from one of its own
    /// otherwise, of which there may be eight for each processor, and what it gives back there no other thread gets. No
    /// more threads run at a time than there are processors. Elsewhere nothing changes.
    public static func limitArenas() {
        #if canImport(Glibc)
            mallopt(M_ARENA_MAX, CInt(clamping: 2 * ProcessInfo.processInfo.activeProcessorCount))
        #endif
    }
}
