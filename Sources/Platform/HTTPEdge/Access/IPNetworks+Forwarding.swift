import HTTPTypes
import NIOCore

// The networks here are those of trusted proxies, which forward the client's address and the requested URL.

extension IPNetworks {
    /// The URL's origin as the client sees it, as far as proxies forward it.
    struct Origin: Hashable {
        var scheme: String?
        var authority: String?
        /// Of the path, taken away by the proxy.
        var prefix: String?
    }

    /// The values from the outermost proxy in the chain of trusted ones; empty when `peer` is not trusted. Values that
    /// the client itself wrote into these fields are further left.
    ///
    /// Source: [RFC 7239](https://www.rfc-editor.org/rfc/rfc7239); `X-Forwarded-*` is custom.
    func origin(_ fields: HTTPFields, peer: SocketAddress?) -> Origin {
        guard contains(peer) else { return Origin() }
        if let forwarded = fields[.forwarded] { return origin(forwarded: forwarded) }
        let hops = Self.elements(fields[.forwardedFor])
        // The last entry was written by the peer; those before by trusted proxies, too.
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

    /// Whether the request has the headers of a proxy.
    static func isProxied(_ fields: HTTPFields) -> Bool {
        fields.contains(.forwarded) || fields.contains(.forwardedFor)
    }

    /// The sender of the request to the outermost trusted proxy.
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
