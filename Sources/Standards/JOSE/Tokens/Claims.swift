public import JSON

/// What a JSON Web Token says. Times are seconds since 1970-01-01T00:00:00Z.
///
/// Source: [RFC 7519, section 4](https://www.rfc-editor.org/rfc/rfc7519#section-4).
public struct Claims: Sendable, Hashable {
    /// All claims, also those of which there is more to know than their names.
    public let object: JSONObject
    public let issuer: String?
    public let subject: String?
    /// `aud`, which may be written as one text or several.
    public let audiences: [String]
    /// `azp`: the client to which the token was given.
    public let authorizedParty: String?
    public let expiration: Double?
    public let notBefore: Double?
    public let issuedAt: Double?
    public let id: String?

    /// - Throws: `ClaimError.invalid` for a registered claim of the wrong type.
    public init(_ object: JSONObject) throws(ClaimError) {
        func text(_ name: String) throws(ClaimError) -> String? {
            guard let value = object[name] else { return nil }
            guard let text = value.string else { throw .invalid(name) }
            return text
        }
        func seconds(_ name: String) throws(ClaimError) -> Double? {
            guard let value = object[name] else { return nil }
            guard let seconds = value.double, seconds.isFinite else { throw .invalid(name) }
            return seconds
        }
        self.object = object
        issuer = try text("iss")
        subject = try text("sub")
        authorizedParty = try text("azp")
        id = try text("jti")
        expiration = try seconds("exp")
        notBefore = try seconds("nbf")
        issuedAt = try seconds("iat")
        switch object["aud"] {
        case nil: audiences = []
        case .string(let audience): audiences = [audience]
        case .array(let elements):
            audiences = elements.compactMap(\.string)
            guard audiences.count == elements.count else { throw .invalid("aud") }
        default: throw .invalid("aud")
        }
    }

    public subscript(name: String) -> JSONValue? { object[name] }
}
