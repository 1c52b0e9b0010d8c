import CZstd

/// Decompresses zstd frames in memory and reuses its context between frames. Use one per thread.
public final class ZstdDecompressor {
    /// Largest accepted content, in bytes. Larger frames are rejected before any allocation.
    public let sizeLimit: Int
    private let context: OpaquePointer

    public init(sizeLimit: Int = 256 << 20) throws(CompressionError) {
        guard let context = ZSTD_createDCtx() else { throw CompressionError(.zstd, .failed("out of memory")) }
        self.context = context
        self.sizeLimit = sizeLimit
    }

    deinit {
        ZSTD_freeDCtx(context)
    }

    /// The content's size as the frame states it, in bytes; `nil` when it does not, or is no frame.
    public static func decompressedSize(_ frame: UnsafeRawBufferPointer) -> Int? {
        let size = ZSTD_getFrameContentSize(frame.baseAddress, frame.count)
        return czstd_knows_content_size(size) != 0 ? Int(exactly: size) ?? Int.max : nil
    }

    /// Unpacks `frame` into `output`.
    ///
    /// - Returns: Size of the content, in bytes.
    /// - Throws: `CompressionError`: `.tooLarge` when the content does not fit, `.truncated`, or `.damaged`, also
    ///   when the frame needs another dictionary.
    public func decompress(
        _ frame: UnsafeRawBufferPointer, dictionary: ZstdDictionary? = nil,
        into output: UnsafeMutableRawBufferPointer
    ) throws(CompressionError) -> Int {
        let stated = Self.decompressedSize(frame)
        if let stated, stated > output.count {
            throw CompressionError(.zstd, .tooLarge(byteCount: stated, limit: output.count), offset: 0)
        }
        let written =
            if let dictionary {
                ZSTD_decompress_usingDDict(
                    context, output.baseAddress, output.count, frame.baseAddress, frame.count,
                    dictionary.decompression)
            } else {
                ZSTD_decompressDCtx(context, output.baseAddress, output.count, frame.baseAddress, frame.count)
            }
        guard ZSTD_isError(written) == 0 else { throw Self.error(frame, written) }
        return written
    }

    /// Appends the content of `frame`, which must state its size.
    ///
    /// - Throws: As the other; also `.unknownSize`, and `.tooLarge` beyond `sizeLimit`.
    public func decompress(
        _ frame: UnsafeRawBufferPointer, dictionary: ZstdDictionary? = nil, appendingTo output: inout [UInt8]
    ) throws(CompressionError) {
        guard let size = Self.decompressedSize(frame) else {
            let isFrame = frame.count >= 4 && frame.loadUnaligned(as: UInt32.self).littleEndian == 0xfd2f_b528
            throw CompressionError(.zstd, isFrame ? .unknownSize : .damaged("not a zstd frame"), offset: 0)
        }
        guard size <= sizeLimit else {
            throw CompressionError(.zstd, .tooLarge(byteCount: size, limit: sizeLimit), offset: 0)
        }
        // A block has a header of three bytes and holds 128 KiB at most (RFC 8878, section 3.1.1.2): a short frame
        // cannot claim much, and memory is not even reserved for one that does.
        guard size <= (frame.count / 3) * 128 * 1024 else {
            throw CompressionError(.zstd, .damaged("states \(size) bytes in a frame of \(frame.count)"), offset: 0)
        }
        var written: Result<Int, CompressionError> = .success(0)
        output.append(addingCapacity: size) { span in
            span.withUnsafeMutableBufferPointer { buffer, initializedCount in
                let free = UnsafeMutableRawBufferPointer(
                    start: buffer.baseAddress.map { $0 + initializedCount }, count: size)
                written = Result { () throws(CompressionError) in
                    try decompress(frame, dictionary: dictionary, into: free)
                }
                if case .success(let count) = written { initializedCount += count }
            }
        }
        _ = try written.get()
    }

    public func decompress(_ frame: [UInt8], dictionary: ZstdDictionary? = nil) throws(CompressionError) -> [UInt8] {
        var output: [UInt8] = []
        let result = frame.withUnsafeBytes { bytes in
            Result { () throws(CompressionError) in
                try decompress(bytes, dictionary: dictionary, appendingTo: &output)
            }
        }
        try result.get()
        return output
    }

    private static func error(_ frame: UnsafeRawBufferPointer, _ code: Int) -> CompressionError {
        let end = ZSTD_findFrameCompressedSize(frame.baseAddress, frame.count)
        let isShort = ZSTD_isError(end) != 0 && ZSTD_getErrorCode(end) == ZSTD_error_srcSize_wrong
        return isShort
            ? CompressionError(.zstd, .truncated, offset: frame.count)
            : CompressionError(.zstd, .damaged(String(cString: ZSTD_getErrorName(code))), offset: 0)
    }
}
