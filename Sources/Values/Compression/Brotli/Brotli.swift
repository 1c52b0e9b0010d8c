import CBrotli

/// Decompresses Brotli streams, which do not declare their content size.
///
/// Source: [RFC 7932](https://www.rfc-editor.org/rfc/rfc7932).
public enum Brotli {
    /// Unpacks `stream` into `output`.
    ///
    /// - Returns: Size of the content, in bytes.
    /// - Throws: `CompressionError` with `.damaged`, also when the stream ends early or the content does not fit.
    public static func decompress(
        _ stream: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(CompressionError) -> Int {
        var size = output.count
        let result = BrotliDecoderDecompress(
            stream.count, stream.baseAddress?.assumingMemoryBound(to: UInt8.self), &size,
            output.baseAddress?.assumingMemoryBound(to: UInt8.self))
        guard result == BROTLI_DECODER_RESULT_SUCCESS else {
            throw CompressionError(.brotli, .damaged("or more than \(output.count) bytes of content"), offset: 0)
        }
        return size
    }
}
