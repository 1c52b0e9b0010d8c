import CZstd

/// Compresses contents into zstd frames and reuses its context between frames. Use one per thread.
public final class ZstdCompressor {
    private let context: OpaquePointer
    private let level: Int32

    /// - Parameter level: For frames without a dictionary, which has a level of its own; 1 (fast) to 22 (small).
    public init(level: Int32 = 3) throws(CompressionError) {
        guard let context = ZSTD_createCCtx() else { throw CompressionError(.zstd, .failed("out of memory")) }
        self.context = context
        self.level = level
    }

    deinit {
        ZSTD_freeCCtx(context)
    }

    /// Appends one frame that holds `content`, states its size and names its dictionary, without a checksum.
    public func compress(
        _ content: UnsafeRawBufferPointer, dictionary: ZstdDictionary? = nil, into output: inout [UInt8]
    ) throws(CompressionError) {
        let bound = ZSTD_compressBound(content.count)
        var result = 0
        output.append(addingCapacity: bound) { span in
            span.withUnsafeMutableBufferPointer { buffer, initializedCount in
                let free = UnsafeMutableRawPointer(buffer.baseAddress! + initializedCount)
                if let dictionary {
                    result = ZSTD_compress_usingCDict(
                        context, free, bound, content.baseAddress, content.count, dictionary.compression)
                } else {
                    result = ZSTD_compressCCtx(context, free, bound, content.baseAddress, content.count, level)
                }
                if ZSTD_isError(result) == 0 { initializedCount += result }
            }
        }
        if ZSTD_isError(result) != 0 {
            throw CompressionError(.zstd, .failed(String(cString: ZSTD_getErrorName(result))))
        }
    }

    public func compress(_ content: [UInt8], dictionary: ZstdDictionary? = nil) throws(CompressionError) -> [UInt8] {
        var output: [UInt8] = []
        let result = content.withUnsafeBytes { bytes in
            Result { () throws(CompressionError) in try compress(bytes, dictionary: dictionary, into: &output) }
        }
        try result.get()
        return output
    }
}
