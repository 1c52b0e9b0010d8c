import CZlib

/// Packs chunks into one gzip member as they come, such as the parts of an HTTP response.
///
///     let encoder = try GzipEncoder()
///     for chunk in chunks { try encoder.append(chunk, into: &output) }
///     try encoder.finish(into: &output)
public final class GzipEncoder {
    /// On the heap: zlib rejects a stream whose address has changed.
    private let stream: UnsafeMutablePointer<z_stream>

    /// - Parameter level: 1 (fast) to 9 (small); 0 stores.
    public init(level: Int32 = 6) throws(CompressionError) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard (0...9).contains(level), czlib_deflate_init_gzip(stream, level) == Z_OK else {
            stream.deallocate()
            throw CompressionError(.gzip, .failed("no encoder for level \(level)"))
        }
        self.stream = stream
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Compresses `chunk` and appends the output that is ready, often none until enough input has arrived.
    public func append(_ chunk: UnsafeRawBufferPointer, into output: inout [UInt8]) throws(CompressionError) {
        try run(chunk, Z_NO_FLUSH, into: &output)
    }

    /// Appends all that has been taken so far, so that the receiver can decode it. Costs some size.
    public func flush(into output: inout [UInt8]) throws(CompressionError) {
        try run(UnsafeRawBufferPointer(start: nil, count: 0), Z_SYNC_FLUSH, into: &output)
    }

    /// Appends the rest and the trailer; the encoder then starts another member.
    public func finish(into output: inout [UInt8]) throws(CompressionError) {
        try run(UnsafeRawBufferPointer(start: nil, count: 0), Z_FINISH, into: &output)
        guard deflateReset(stream) == Z_OK else { throw CompressionError(.gzip, .failed("cannot start again")) }
    }

    private func run(
        _ chunk: UnsafeRawBufferPointer, _ flush: Int32, into output: inout [UInt8]
    ) throws(CompressionError) {
        var rest = chunk
        repeat {
            let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(piece.count))
            // zlib takes its input through a pointer to mutable bytes but does not write there.
            stream.pointee.next_in = UnsafeMutablePointer(
                mutating: piece.baseAddress?.assumingMemoryBound(to: UInt8.self))
            stream.pointee.avail_in = UInt32(piece.count)
            var isFull = true
            while isFull {
                let room = max(piece.count / 4, 4096)
                var status: Int32 = Z_OK
                output.append(addingCapacity: room) { span in
                    span.withUnsafeMutableBufferPointer { buffer, initializedCount in
                        stream.pointee.next_out = buffer.baseAddress! + initializedCount
                        stream.pointee.avail_out = UInt32(room)
                        status = deflate(stream, flush)
                        initializedCount += room - Int(stream.pointee.avail_out)
                    }
                }
                // Z_BUF_ERROR: there was nothing to do.
                guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
                    throw CompressionError(.gzip, .failed("deflate gave code \(status)"))
                }
                isFull = stream.pointee.avail_out == 0 && status != Z_STREAM_END
            }
        } while !rest.isEmpty
    }
}

/// `bytes` as one gzip member.
public func gzip(_ bytes: [UInt8], level: Int32 = 6) throws(CompressionError) -> [UInt8] {
    let encoder = try GzipEncoder(level: level)
    var output: [UInt8] = []
    let result = bytes.withUnsafeBytes { bytes in
        Result { () throws(CompressionError) in try encoder.append(bytes, into: &output) }
    }
    try result.get()
    try encoder.finish(into: &output)
    return output
}
