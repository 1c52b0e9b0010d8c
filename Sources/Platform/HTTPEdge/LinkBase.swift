public import HTTPTypes
public import NIOCore

/// The base of a response's links: scheme, authority and the prefix of the interface.
public struct LinkBase: Sendable, Hashable {
    /// Without a slash at the end. Needs no escaping in JSON.
    public let text: String

    public init(_ text: String) {
        self.text = text
    }

    /// - Parameters:
    ///   - peer: Its sender.
    ///   - prefix: The path of the interface, such as `/public/api`.
    /// - Throws: `Problem` when `Host` is missing or invalid, or a proxy forwards an invalid value: it goes into links
    ///   as it is.
    public init(
        _ request: HTTPRequest, peer: SocketAddress?, _ configuration: EdgeConfiguration, prefix: String
    ) throws(Problem) {
        if let publicURL = configuration.publicURL {
            text = publicURL + prefix
            return
        }
        let origin = configuration.trustedProxies.origin(request.headerFields, peer: peer)
        let scheme = origin.scheme?.lowercased() ?? "http"
        var outerPrefix = origin.prefix ?? ""
        while outerPrefix.last == "/" { outerPrefix.removeLast() }
        guard ["http", "https"].contains(scheme), outerPrefix.isEmpty || outerPrefix.hasPrefix("/"),
            outerPrefix.utf8.allSatisfy({ isAuthorityByte($0) || $0 == UInt8(ascii: "/") })
        else { throw Problem(.badRequest, "InvalidForwarded", "The proxy's forwarding headers cannot be used.") }
        guard let authority = origin.authority ?? request.authority, !authority.isEmpty,
            authority.utf8.allSatisfy(isAuthorityByte)
        else {
            throw Problem(.badRequest, "InvalidHost", "The request has no usable Host header.")
        }
        text = scheme + "://" + authority + outerPrefix + prefix
    }
}

/// Letters, digits and the punctuation of names, IPv6 addresses and ports.
func isAuthorityByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"):
        true
    default: false
    }
}
