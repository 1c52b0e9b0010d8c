/// Letters and digits that people can type, five bits each, without padding.
///
/// Source: [RFC 4648, section 6](https://www.rfc-editor.org/rfc/rfc4648#section-6).
enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    static func text(_ bytes: [UInt8]) -> String {
        var (letters, buffer, bitCount): ([UInt8], UInt32, Int) = ([], 0, 0)
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bitCount += 8
            while bitCount >= 5 {
                bitCount -= 5
                letters.append(alphabet[Int(buffer >> UInt32(bitCount) & 31)])
            }
        }
        if bitCount > 0 { letters.append(alphabet[Int(buffer << UInt32(5 - bitCount) & 31)]) }
        return String(decoding: letters, as: UTF8.self)
    }
}
