import CZlib

/// CRC-32 as in gzip.
///
/// Source: [RFC 1952, section 8](https://www.rfc-editor.org/rfc/rfc1952#section-8).
public func crc32(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var checksum = CZlib.crc32(0, nil, 0)
    var rest = bytes
    // zlib counts in 32 bits.
    while !rest.isEmpty {
        let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
        checksum = CZlib.crc32(checksum, piece.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32(piece.count))
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(piece.count))
    }
    return UInt32(checksum)
}
