public import HTTPTypes

/// Who may write: whoever has the operator's token.
public struct OperatorAccess: Sendable {
    private let token: [UInt8]?

    /// - Parameter token: `nil` or empty: nobody may write.
    public init(token: String?) {
        self.token = token.flatMap { $0.isEmpty ? nil : Array($0.utf8) }
    }

    /// - Throws: `Problem` unless the request has the token as `Authorization: Bearer TOKEN`.
    public func check(_ headers: HTTPFields) throws(Problem) {
        guard let token else {
            throw Problem(
                .forbidden, "WritingDisabled",
                "Writing is switched off: no operator token is configured. Set \"operatorToken\" in the configuration "
                    + "file or TERRABYTE_OPERATOR_TOKEN in the environment and start the server again.")
        }
        guard let header = headers[.authorization] else {
            throw Problem(
                .unauthorized, "TokenMissing", "Writing needs the operator token: Authorization: Bearer TOKEN.",
                headers: [.wwwAuthenticate: "Bearer"])
        }
        let parts = header.utf8.split(separator: UInt8(ascii: " "), maxSplits: 1)
        guard parts.count == 2, String(decoding: parts[0], as: UTF8.self).lowercased() == "bearer",
            isEqual(Array(parts[1]), token)
        else {
            throw Problem(
                .unauthorized, "TokenInvalid", "The token is not the operator's.",
                headers: [.wwwAuthenticate: "Bearer error=\"invalid_token\""])
        }
    }
}

/// Takes a time that depends on the length of `given` only, so that the token cannot be guessed byte by byte.
private func isEqual(_ given: [UInt8], _ secret: [UInt8]) -> Bool {
    var difference = given.count ^ secret.count
    for (index, byte) in given.enumerated() { difference |= Int(byte ^ secret[index % secret.count]) }
    return difference == 0
}
