/// Tells a damaged file from a whole one; no guard against intent.
///
/// Four sums run side by side, since each waits for its last multiplication. Every step maps different sums to
/// different sums, so that one word that differs always shows.
func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    let prime: UInt64 = 0x9e37_79b9_7f4a_7c15
    func mixed(_ sum: UInt64, _ word: UInt64) -> UInt64 {
        let product = (sum ^ word) &* prime
        return product ^ product >> 32
    }
    var (first, second, third, fourth) = (UInt64(bytes.count), prime, ~prime, prime << 1)
    var at = 0
    func word(_ offset: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at + offset, as: UInt64.self))
    }
    // In bounds: 32 bytes are read only where 32 are left.
    while at + 32 <= bytes.count {
        first = mixed(first, word(0))
        second = mixed(second, word(8))
        third = mixed(third, word(16))
        fourth = mixed(fourth, word(24))
        at += 32
    }
    for byte in bytes[at...] { first = mixed(first, UInt64(byte)) }
    return mixed(mixed(mixed(first, second), third), fourth)
}
