import Synchronization

/// Pools decompressors, each for one reading thread at a time: creating a library's context costs more than a small
/// page.
final class DecompressorPool: Sendable {
    private let idle = Mutex<[PageDecompressor]>([])

    func with<Result>(
        _ body: (PageDecompressor) throws(ParquetError) -> Result
    ) throws(ParquetError) -> Result {
        let decompressor = idle.withLock { $0.popLast() } ?? PageDecompressor()
        defer { idle.withLock { $0.append(decompressor) } }
        return try body(decompressor)
    }
}
