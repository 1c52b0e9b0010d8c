import CZlib

/// Decodes a stream of gzip members, one after the other.
///
/// Source: [RFC 1952, section 2.2](https://www.rfc-editor.org/rfc/rfc1952#section-2.2).
final class GzipStream: ByteStream {
    private let input: BufferedInput
    /// On the heap: zlib rejects a stream whose address has changed.
    private let stream: UnsafeMutablePointer<z_stream>
    private var isBetweenMembers = false

    init(_ input: BufferedInput) throws(CompressionError) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard czlib_inflate_init_gzip(stream) == Z_OK else {
            stream.deallocate()
            throw CompressionError(.gzip, .failed("out of memory"))
        }
        self.input = input
        self.stream = stream
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    var name: String { input.name }
    var consumed: Int { input.consumed }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let size = min(buffer.count, Int(UInt32.max))
        guard size > 0 else { return 0 }
        stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(size)
        while stream.pointee.avail_out == size {
            if isBetweenMembers, try !startsMember() { return 0 }
            let available = try input.peek(1)
            guard !available.isEmpty else {
                throw CompressionError(.gzip, .truncated, source: name, offset: input.position)
            }
            // zlib takes its input through a pointer to mutable bytes but does not write there.
            stream.pointee.next_in = UnsafeMutablePointer(
                mutating: available.baseAddress?.assumingMemoryBound(to: UInt8.self))
            stream.pointee.avail_in = UInt32(available.count)
            let status = inflate(stream, Z_NO_FLUSH)
            input.advance(available.count - Int(stream.pointee.avail_in))
            switch status {
            case Z_OK, Z_BUF_ERROR: break
            case Z_STREAM_END: isBetweenMembers = true
            default: throw damaged(stream.pointee.msg.map { String(cString: $0) } ?? "code \(status)")
            }
        }
        return size - Int(stream.pointee.avail_out)
    }

    /// Continues with the next member, if there is one. Zero bytes at the end are padding, as for `gzip` itself.
    private func startsMember() throws -> Bool {
        let start = try input.peek(2)
        if !start.isEmpty, start[0] == 0x1f, start.count < 2 || start[1] == 0x8b {
            guard inflateReset(stream) == Z_OK else { throw damaged("cannot start another member") }
            isBetweenMembers = false
            return true
        }
        while case let available = try input.peek(1), !available.isEmpty {
            let zeros = available.prefix { $0 == 0 }.count
            input.advance(zeros)
            guard zeros == available.count else { throw damaged("other data after the last member") }
        }
        return false
    }

    private func damaged(_ words: String) -> CompressionError {
        CompressionError(.gzip, .damaged(words), source: name, offset: input.position)
    }
}
