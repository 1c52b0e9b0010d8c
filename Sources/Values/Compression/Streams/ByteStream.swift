/// Bytes that come one piece after the other, from a file or out of a decoder on top of another stream.
public protocol ByteStream: AnyObject {
    /// The source's name for messages: a path, or `standard input`.
    var name: String { get }

    /// Bytes read so far from the file itself, before decoding; progress is measured by them.
    var consumed: Int { get }

    /// Fills `buffer` from its start, not always to its end.
    ///
    /// - Returns: Number of bytes written; 0 at the end of the stream, or for an empty buffer.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

extension ByteStream {
    /// Everything that is left.
    public func readToEnd() throws -> [UInt8] {
        var bytes: [UInt8] = []
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { chunk.deallocate() }
        while case let count = try read(into: chunk), count > 0 {
            bytes.append(contentsOf: chunk[..<count])
        }
        return bytes
    }
}

/// The stream's plain bytes: a decoder on top of it when its first bytes are those of gzip or zstd, regardless of the
/// name.
public func decoded(_ stream: any ByteStream) throws -> any ByteStream {
    let input = BufferedInput(stream)
    let start = try input.peek(4)
    if start.count >= 2, start[0] == 0x1f, start[1] == 0x8b { return try GzipStream(input) }
    if start.count >= 4 {
        let magic = start.loadUnaligned(as: UInt32.self).littleEndian
        // A frame, or one of the sixteen kinds of skippable frame (RFC 8878, section 3.1).
        if magic == 0xfd2f_b528 || magic & 0xffff_fff0 == 0x184d_2a50 { return try ZstdStream(input) }
    }
    return input
}
