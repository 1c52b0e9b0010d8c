/// The numbers of a private RSA key, big-endian without leading zeros.
///
/// swift-crypto hands them out as DER only.
///
/// Source: [RFC 8017, appendix A.1.2](https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1.2).
struct RSANumbers {
    let modulus: [UInt8]
    let exponent: [UInt8]
    /// By their names in a JSON Web Key.
    let privateMembers: [(name: String, number: [UInt8])]

    private static let privateNames = ["d", "p", "q", "dp", "dq", "qi"]

    /// - Parameter der: An `RSAPrivateKey`: a sequence of the version and eight numbers.
    init?(der: [UInt8]) {
        var rest = der[...]
        guard var sequence = Self.content(tag: 0x30, of: &rest), rest.isEmpty else { return nil }
        var numbers: [[UInt8]] = []
        while !sequence.isEmpty {
            guard let number = Self.content(tag: 0x02, of: &sequence) else { return nil }
            numbers.append(Array(number.drop { $0 == 0 }))
        }
        guard numbers.count == 9 else { return nil }
        modulus = numbers[1]
        exponent = numbers[2]
        privateMembers = zip(Self.privateNames, numbers[3...]).map { ($0, $1) }
    }

    /// The content of the first element, which must have the `tag`; removes the element from `der`.
    private static func content(tag: UInt8, of der: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard der.popFirst() == tag, let first = der.popFirst() else { return nil }
        var count = Int(first)
        if first >= 0x80 {
            let lengthByteCount = Int(first & 0x7f)
            guard (1...3).contains(lengthByteCount), der.count >= lengthByteCount else { return nil }
            count = der.prefix(lengthByteCount).reduce(0) { $0 << 8 | Int($1) }
            der = der.dropFirst(lengthByteCount)
        }
        guard der.count >= count else { return nil }
        defer { der = der.dropFirst(count) }
        return der.prefix(count)
    }
}
