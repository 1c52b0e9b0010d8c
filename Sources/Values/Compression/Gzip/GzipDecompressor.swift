import CZlib

/// Decompresses gzip members or a zlib stream in memory and reuses its context. Use one per thread.
///
/// Source: [RFC 1952](https://www.rfc-editor.org/rfc/rfc1952), [RFC 1950](https://www.rfc-editor.org/rfc/rfc1950).
public final class GzipDecompressor {
    /// On the heap: zlib rejects a stream whose address has changed.
    private let stream: UnsafeMutablePointer<z_stream>

    public init() throws(CompressionError) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard czlib_inflate_init_any(stream) == Z_OK else {
            stream.deallocate()
            throw CompressionError(.gzip, .failed("out of memory"))
        }
        self.stream = stream
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Unpacks all members that `bytes` consist of into `output`.
    ///
    /// - Returns: Size of the content, in bytes.
    /// - Throws: `CompressionError`: `.tooLarge` when the content does not fit, `.truncated`, or `.damaged`.
    public func decompress(
        _ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(CompressionError) -> Int {
        guard let inputCount = UInt32(exactly: bytes.count), let room = UInt32(exactly: output.count) else {
            throw CompressionError(.gzip, .tooLarge(byteCount: max(bytes.count, output.count), limit: Int(UInt32.max)))
        }
        // zlib takes its input through a pointer to mutable bytes but does not write there, and wants an address to
        // write to also where nothing is to be written.
        var nowhere: UInt8 = 0
        return try withUnsafeMutablePointer(to: &nowhere) { (nowhere) throws(CompressionError) in
            stream.pointee.next_in = UnsafeMutablePointer(
                mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
            stream.pointee.avail_in = inputCount
            stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? nowhere
            stream.pointee.avail_out = room
            repeat { try decompressMember() } while stream.pointee.avail_in > 0
            return output.count - Int(stream.pointee.avail_out)
        }
    }

    private func decompressMember() throws(CompressionError) {
        guard inflateReset(stream) == Z_OK else { throw CompressionError(.gzip, .failed("cannot start again")) }
        let status = inflate(stream, Z_FINISH)
        switch status {
        case Z_STREAM_END: return
        case Z_OK, Z_BUF_ERROR:
            let isFull = stream.pointee.avail_out == 0
            let written = Int(stream.pointee.total_out)
            throw CompressionError(.gzip, isFull ? .tooLarge(byteCount: written + 1, limit: written) : .truncated)
        default:
            let words = stream.pointee.msg.map { String(cString: $0) } ?? "code \(status)"
            throw CompressionError(.gzip, .damaged(words), offset: Int(stream.pointee.total_in))
        }
    }
}
