import CLZ4

/// LZ4 blocks without framing, which do not declare their content size.
///
/// Source: [LZ4 block format](https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md).
public enum LZ4Block {
    /// Unpacks `block` into `output`.
    ///
    /// - Returns: Size of the content, in bytes.
    /// - Throws: `CompressionError` with `.damaged`, also when the content does not fit.
    public static func decompress(
        _ block: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(CompressionError) -> Int {
        guard let inputCount = Int32(exactly: block.count) else {
            throw CompressionError(.lz4, .tooLarge(byteCount: block.count, limit: Int(Int32.max)))
        }
        let size = LZ4_decompress_safe(
            block.baseAddress?.assumingMemoryBound(to: CChar.self),
            output.baseAddress?.assumingMemoryBound(to: CChar.self), inputCount, Int32(clamping: output.count))
        guard size >= 0 else { throw CompressionError(.lz4, .damaged("code \(size)"), offset: 0) }
        return Int(size)
    }

    /// Appends `content` as one block.
    ///
    /// - Throws: `CompressionError` with `.tooLarge` above 2,113,929,216 bytes of content.
    public static func compress(
        _ content: UnsafeRawBufferPointer, into output: inout [UInt8]
    ) throws(CompressionError) {
        let limit = 0x7e00_0000
        guard content.count <= limit else {
            throw CompressionError(.lz4, .tooLarge(byteCount: content.count, limit: limit))
        }
        let bound = LZ4_compressBound(Int32(content.count))
        var size: Int32 = 0
        output.append(addingCapacity: Int(bound)) { span in
            span.withUnsafeMutableBufferPointer { buffer, initializedCount in
                let free = UnsafeMutableRawPointer(buffer.baseAddress! + initializedCount)
                size = LZ4_compress_default(
                    content.baseAddress?.assumingMemoryBound(to: CChar.self), free.assumingMemoryBound(to: CChar.self),
                    Int32(content.count), bound)
                initializedCount += Int(max(size, 0))
            }
        }
        guard size > 0 else { throw CompressionError(.lz4, .failed("no room")) }
    }
}
