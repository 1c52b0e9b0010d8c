import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Addresses and networks, IPv4 and IPv6.
///
/// Source: [RFC 4632](https://www.rfc-editor.org/rfc/rfc4632), [RFC 4291](https://www.rfc-editor.org/rfc/rfc4291).
public struct IPNetworks: Sendable, Hashable {
    /// IPv6, and IPv4 as mapped into it.
    private struct Network: Sendable, Hashable {
        let bytes: [UInt8]
        let bitCount: Int

        func contains(_ address: [UInt8]) -> Bool {
            for bit in 0..<bitCount where (bytes[bit / 8] ^ address[bit / 8]) >> UInt8(7 - bit % 8) & 1 != 0 {
                return false
            }
            return true
        }
    }

    private var networks: [Network] = []

    /// None.
    public init() {}

    /// This machine.
    public static let loopback: Self = {
        var loopback = Self()
        for (text, bitCount) in [("127.0.0.0", 104), ("::1", 128)] {
            if let bytes = bytes(text) { loopback.networks.append(Network(bytes: bytes, bitCount: bitCount)) }
        }
        return loopback
    }()

    /// - Parameter text: Addresses and networks, such as `10.0.0.0/8, ::1`; by commas.
    /// - Throws: `InvalidNetwork` with the part that is none.
    public init(_ text: String) throws(InvalidNetwork) {
        for part in text.split(separator: ",") {
            let part = part.filter { $0 != " " }
            let sides = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            guard let first = sides.first, let bytes = Self.bytes(String(first)) else {
                throw InvalidNetwork(text: String(part))
            }
            let isIPv4 = !first.contains(":")
            let width = isIPv4 ? 32 : 128
            guard let bitCount = sides.count > 1 ? Int(sides[1]) : width, 0...width ~= bitCount else {
                throw InvalidNetwork(text: String(part))
            }
            networks.append(Network(bytes: bytes, bitCount: isIPv4 ? bitCount + 96 : bitCount))
        }
    }

    public struct InvalidNetwork: Error, CustomStringConvertible {
        let text: String
        public var description: String { "'\(text)' is no IP address, nor a network such as 10.0.0.0/8" }
    }

    func contains(_ address: SocketAddress?) -> Bool {
        guard !networks.isEmpty, let text = address?.ipAddress else { return false }
        return contains(text)
    }

    /// - Parameter text: An address as in `Forwarded`: IPv6 in brackets, with a port or without.
    public func contains(_ text: String) -> Bool {
        guard let bytes = Self.bytes(ofForwarded: text) else { return false }
        return networks.contains { $0.contains(bytes) }
    }

    private static func bytes(ofForwarded text: String) -> [UInt8]? {
        var text = text[...]
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            text = text[text.index(after: text.startIndex)..<end]
        } else if text.filter({ $0 == ":" }).count == 1 {
            text = text.prefix { $0 != ":" }
        }
        return bytes(String(text))
    }

    /// A name for the address, or for the network of 64 bits that an IPv6 address is in, since one customer has all of
    /// it; `text` itself where it is no address.
    static func network(of text: String) -> String {
        guard let bytes = bytes(ofForwarded: text) else { return String(text.prefix(64)) }
        if bytes[..<10].allSatisfy({ $0 == 0 }) { return bytes[12...].map { "\($0)" }.joined(separator: ".") }
        let groups = stride(from: 0, to: 8, by: 2).map { String(Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]), radix: 16) }
        return groups.joined(separator: ":") + "::/64"
    }

    /// - Returns: The 16 bytes of an IPv6 address, also for an IPv4 one; `nil`: the text is neither.
    private static func bytes(_ text: String) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 {
            return [UInt8](repeating: 0, count: 10) + [0xff, 0xff] + bytes.prefix(4)
        }
        return inet_pton(AF_INET6, text, &bytes) == 1 ? bytes : nil
    }
}
