import CSnappy

/// The Snappy format without framing: one block, which states the size of its content.
///
/// Source: [Snappy compressed format](https://github.com/google/snappy/blob/main/format_description.txt).
public enum Snappy {
    /// Unpacks `block` into `output`.
    ///
    /// - Returns: Size of the content, in bytes.
    /// - Throws: `CompressionError`: `.tooLarge` when the content does not fit, or `.damaged`.
    public static func decompress(
        _ block: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(CompressionError) -> Int {
        let input = block.baseAddress?.assumingMemoryBound(to: CChar.self)
        var size = 0
        guard let input, snappy_uncompressed_length(input, block.count, &size) == SNAPPY_OK else {
            throw CompressionError(.snappy, .damaged("no size"), offset: 0)
        }
        guard size <= output.count else {
            throw CompressionError(.snappy, .tooLarge(byteCount: size, limit: output.count), offset: 0)
        }
        // The library wants an address also for no bytes.
        var nowhere: CChar = 0
        let status = withUnsafeMutablePointer(to: &nowhere) { nowhere in
            let start = output.baseAddress?.assumingMemoryBound(to: CChar.self) ?? nowhere
            return snappy_uncompress(input, block.count, start, &size)
        }
        guard status == SNAPPY_OK else {
            throw CompressionError(.snappy, .damaged("code \(status.rawValue)"), offset: 0)
        }
        return size
    }

    /// Appends `content` as one block.
    public static func compress(
        _ content: UnsafeRawBufferPointer, into output: inout [UInt8]
    ) throws(CompressionError) {
        var size = snappy_max_compressed_length(content.count)
        var status = SNAPPY_OK
        var nothing: CChar = 0
        output.append(addingCapacity: size) { span in
            span.withUnsafeMutableBufferPointer { buffer, initializedCount in
                let free = UnsafeMutableRawPointer(buffer.baseAddress! + initializedCount)
                status = withUnsafePointer(to: &nothing) { nothing in
                    snappy_compress(
                        content.baseAddress?.assumingMemoryBound(to: CChar.self) ?? nothing, content.count,
                        free.assumingMemoryBound(to: CChar.self), &size)
                }
                if status == SNAPPY_OK { initializedCount += size }
            }
        }
        guard status == SNAPPY_OK else { throw CompressionError(.snappy, .failed("code \(status.rawValue)")) }
    }
}
