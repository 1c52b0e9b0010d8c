import CZstd

/// Decodes a stream of zstd frames, one after the other.
final class ZstdStream: ByteStream {
    private let input: BufferedInput
    private let context: OpaquePointer
    /// Whether the input may end here: between frames, with everything of the last one handed out.
    private var isBetweenFrames = true

    init(_ input: BufferedInput) throws(CompressionError) {
        guard let context = ZSTD_createDCtx() else { throw CompressionError(.zstd, .failed("out of memory")) }
        self.input = input
        self.context = context
    }

    deinit {
        ZSTD_freeDCtx(context)
    }

    var name: String { input.name }
    var consumed: Int { input.consumed }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard buffer.count > 0 else { return 0 }
        var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
        while output.pos == 0 {
            let available = try input.peek(1)
            if available.isEmpty, isBetweenFrames { return 0 }
            var taken = ZSTD_inBuffer(src: available.baseAddress, size: available.count, pos: 0)
            let hint = ZSTD_decompressStream(context, &output, &taken)
            input.advance(taken.pos)
            guard ZSTD_isError(hint) == 0 else {
                let words = String(cString: ZSTD_getErrorName(hint))
                throw CompressionError(.zstd, .damaged(words), source: name, offset: input.position)
            }
            isBetweenFrames = hint == 0
            // Without input the decoder could only return output that it had buffered.
            if available.isEmpty, output.pos == 0, hint != 0 {
                throw CompressionError(.zstd, .truncated, source: name, offset: input.position)
            }
        }
        return output.pos
    }
}
