/// The hash function XXH64 with seed 0: our checksum wherever a format does not demand another one. It tells a damaged
/// file from a whole one, and is no guard against intent.
///
/// Source: [xxHash](https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md#xxh64-algorithm-description).
package enum XXHash64 {
    private static let prime1: UInt64 = 0x9e37_79b1_85eb_ca87
    private static let prime2: UInt64 = 0xc2b2_ae3d_27d4_eb4f
    private static let prime3: UInt64 = 0x1656_67b1_9e37_79f9
    private static let prime4: UInt64 = 0x85eb_ca77_c2b2_ae63
    private static let prime5: UInt64 = 0x27d4_eb2f_1656_67c5

    package static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var at = 0
        var hash: UInt64
        if bytes.count >= 32 {
            var lanes: (UInt64, UInt64, UInt64, UInt64) = (prime1 &+ prime2, prime2, 0, 0 &- prime1)
            // Four sums run side by side, since each waits for its last multiplication.
            while bytes.count - at >= 32 {
                lanes.0 = round(lanes.0, word(bytes, at))
                lanes.1 = round(lanes.1, word(bytes, at + 8))
                lanes.2 = round(lanes.2, word(bytes, at + 16))
                lanes.3 = round(lanes.3, word(bytes, at + 24))
                at += 32
            }
            hash = rotate(lanes.0, 1) &+ rotate(lanes.1, 7) &+ rotate(lanes.2, 12) &+ rotate(lanes.3, 18)
            hash = merged(hash, lanes.0)
            hash = merged(hash, lanes.1)
            hash = merged(hash, lanes.2)
            hash = merged(hash, lanes.3)
        } else {
            hash = prime5
        }
        hash &+= UInt64(bytes.count)
        while bytes.count - at >= 8 {
            hash = rotate(hash ^ round(0, word(bytes, at)), 27) &* prime1 &+ prime4
            at += 8
        }
        if bytes.count - at >= 4 {
            let half = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self))
            hash = rotate(hash ^ UInt64(half) &* prime1, 23) &* prime2 &+ prime3
            at += 4
        }
        while at < bytes.count {
            hash = rotate(hash ^ UInt64(bytes[at]) &* prime5, 11) &* prime1
            at += 1
        }
        hash = (hash ^ hash >> 33) &* prime2
        hash = (hash ^ hash >> 29) &* prime3
        return hash ^ hash >> 32
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    private static func round(_ accumulator: UInt64, _ input: UInt64) -> UInt64 {
        rotate(accumulator &+ input &* prime2, 31) &* prime1
    }

    private static func merged(_ hash: UInt64, _ lane: UInt64) -> UInt64 {
        (hash ^ round(0, lane)) &* prime1 &+ prime4
    }

    private static func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 {
        value &<< count | value &>> (64 - count)
    }
}
