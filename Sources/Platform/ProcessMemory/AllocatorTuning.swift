import Foundation

#if canImport(Glibc)
    import CGlibc
#endif

/// Settings of the allocator for freed memory.
public enum AllocatorTuning {
    /// Retains freed memory for later allocations.
    ///
    /// The GNU library returns large blocks to the system each time, which then has to clear pages again: for
    /// successive buffers of a megabyte this takes up to half of the time. No effect with other libraries.
    ///
    /// - Parameters:
    ///   - blockByteCount: Larger blocks are returned to the system.
    ///   - byteCount: Approximate size retained for each of the library's arenas; each busy thread has one.
    public static func retainFreed(blocksUpTo blockByteCount: Int, atMost byteCount: Int) {
        #if canImport(Glibc)
            mallopt(M_MMAP_THRESHOLD, CInt(clamping: blockByteCount))
            mallopt(M_TRIM_THRESHOLD, CInt(clamping: byteCount))
            mallopt(M_TOP_PAD, 1 << 20)
        #endif
    }

    /// Limits the number of the library's arenas, so that less freed memory stays unused. By default threads have
    /// arenas of their own, up to eight for each processor, and no thread reuses the freed memory of another one's
    /// arena. No more threads run at a time than there are processors. No effect with other libraries.
    public static func limitArenas() {
        #if canImport(Glibc)
            mallopt(M_ARENA_MAX, CInt(clamping: 2 * ProcessInfo.processInfo.activeProcessorCount))
        #endif
    }
}
