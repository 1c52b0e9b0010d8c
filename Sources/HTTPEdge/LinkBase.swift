public import HTTPTypes

/// What the links of an answer start with: scheme, authority and the prefix of the interface.
public struct LinkBase: Sendable, Hashable {
    /// Without a slash at the end. Needs no escaping in JSON.
    public let text: String

    public init(_ text: String) {
        self.text = text
    }

    /// - Parameters:
    ///   - publicURL: As in `EdgeConfiguration`.
    ///   - prefix: The path of the interface, such as `/public/api`.
    /// - Throws: `Problem` when `Host` is missing or is none: it goes into links as it is.
    public init(_ request: HTTPRequest, publicURL: String?, prefix: String) throws(Problem) {
        if let publicURL {
            text = publicURL + prefix
            return
        }
        guard let authority = request.authority, !authority.isEmpty,
            authority.utf8.allSatisfy(isAuthorityByte)
        else {
            throw Problem(.badRequest, "InvalidHost", "The request has no usable Host header.")
        }
        text = "http://" + authority + prefix
    }
}

/// Letters, digits and what stands in names, IPv6 addresses and before ports.
private func isAuthorityByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"):
        true
    default: false
    }
}
