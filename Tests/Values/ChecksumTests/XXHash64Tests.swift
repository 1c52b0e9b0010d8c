import Checksum
import Testing

@Suite("XXH64") struct XXHash64Tests {
    /// From the reference implementation.
    @Test(
        "hashes as the reference does",
        arguments: [
            ("", 0xef46_db37_51d8_e999), ("a", 0xd24e_c4f1_a98c_6e5b), ("abc", 0x44bc_2cf5_ad77_0999),
            ("0123456789abcdef0123456789abcdef0123456789", 0xa761_90c3_acf0_8a1c),
            ("Hello, World!", 0xc49a_acf8_080f_e47f),
        ] as [(String, UInt64)])
    func hash(text: String, expected: UInt64) {
        let hash = Array(text.utf8).withUnsafeBytes { XXHash64.hash($0) }
        #expect(hash == expected)
    }
}
