import HTTPTypes
import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Networks of proxies that are believed when they say what the client has asked for.
public struct TrustedProxies: Sendable, Hashable {
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

    /// Nobody is believed.
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

extension TrustedProxies {
    /// What the client has asked for, as far as proxies say.
    struct Origin: Hashable {
        var scheme: String?
        var authority: String?
        /// Of the path, taken away by the proxy.
        var prefix: String?
    }

    /// What the outermost of the proxies says that are believed, one behind the other; nothing when `peer` is none.
    /// Whatever a client itself has written into these fields stands further left.
    ///
    /// Source: [RFC 7239](https://www.rfc-editor.org/rfc/rfc7239); `X-Forwarded-*` is custom.
    func origin(_ fields: HTTPFields, peer: SocketAddress?) -> Origin {
        guard contains(peer) else { return Origin() }
        if let forwarded = fields[.forwarded] { return origin(forwarded: forwarded) }
        let hops = Self.elements(fields[.forwardedFor])
        // The last entry was written by the peer; those before by proxies that are believed, too.
        let depth = hops.reversed().prefix { contains($0) }.count
        func value(_ name: HTTPField.Name) -> String? {
            let values = Self.elements(fields[name])
            return values.isEmpty ? nil : values[max(0, values.count - 1 - min(depth, max(0, hops.count - 1)))]
        }
        return Origin(
            scheme: value(.forwardedProto), authority: value(.forwardedHost), prefix: value(.forwardedPrefix))
    }

    private func origin(forwarded: String) -> Origin {
        var origin = Origin()
        for element in Self.elements(forwarded).reversed() {
            let pairs = Self.pairs(element)
            origin.scheme = pairs["proto"] ?? origin.scheme
            origin.authority = pairs["host"] ?? origin.authority
            guard let client = pairs["for"], contains(client) else { break }
        }
        return origin
    }

    private static func pairs(_ element: String) -> [String: String] {
        var pairs: [String: String] = [:]
        for pair in element.split(separator: ";") {
            let sides = pair.split(separator: "=", maxSplits: 1)
            guard sides.count == 2 else { continue }
            let name = sides[0].filter { $0 != " " }.lowercased()
            pairs[name] = sides[1].filter { $0 != "\"" && $0 != " " }
        }
        return pairs
    }

    /// Whether the request says of itself that a proxy has sent it.
    static func isProxied(_ fields: HTTPFields) -> Bool {
        fields.contains(.forwarded) || fields.contains(.forwardedFor)
    }

    /// Who has sent the request to the outermost of the proxies that are believed.
    func clientAddress(_ fields: HTTPFields) -> String? {
        let hops =
            if let forwarded = fields[.forwarded] {
                Self.elements(forwarded).compactMap { Self.pairs($0)["for"] }
            } else {
                Self.elements(fields[.forwardedFor])
            }
        return hops.last { !contains($0) } ?? hops.first
    }

    private static func elements(_ text: String?) -> [String] {
        (text ?? "").split(separator: ",").map { $0.filter { $0 != " " && $0 != "\t" } }.filter { !$0.isEmpty }
    }
}

extension HTTPField.Name {
    fileprivate static let forwarded = Self("Forwarded")!
    fileprivate static let forwardedFor = Self("X-Forwarded-For")!
    fileprivate static let forwardedProto = Self("X-Forwarded-Proto")!
    fileprivate static let forwardedHost = Self("X-Forwarded-Host")!
    fileprivate static let forwardedPrefix = Self("X-Forwarded-Prefix")!
}
