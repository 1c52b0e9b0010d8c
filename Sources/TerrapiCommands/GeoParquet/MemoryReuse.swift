#if canImport(Glibc)
    import CMalloc
#endif

/// What the process does with memory that it needs no more.
enum MemoryReuse {
    /// Keeps it for what comes next.
    ///
    /// Pages are unpacked into buffers of a megabyte, hundreds of times. The GNU library gives such memory back to the
    /// system each time, which then clears it anew: that took half of a search's time.
    static func enable() {
        #if canImport(Glibc)
            mallopt(M_MMAP_THRESHOLD, 1 << 30)
            mallopt(M_TRIM_THRESHOLD, 1 << 30)
            mallopt(M_TOP_PAD, 1 << 20)
        #endif
    }
}
