import HTTPEdge
import HTTPTypes
import Identity
import JOSE

/// Finds the client of a request, and whether it is who it says.
///
/// Sources: [RFC 6749, section 2.3](https://www.rfc-editor.org/rfc/rfc6749#section-2.3),
/// [OpenID Connect Core, section 9](https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication).
struct ClientAuthentication: Sendable {
    static let methods = ["none", "client_secret_basic", "client_secret_post"]

    let store: IdentityStore
    let failures: FailureLog

    /// - Throws: `OAuthError`: `invalid_client`, `invalid_request`.
    func client(_ request: EdgeRequest, _ parameters: FormParameters, address: String?) async throws -> OAuthClient {
        let header = request.head.headerFields[.authorization]
        let credentials = try header.map { try Self.basicCredentials($0) }
        let secret = try parameters.optional("client_secret", byteLimit: 200)
        if let credentials {
            guard secret == nil else { throw OAuthError.invalidRequest("The client authenticates in two ways.") }
            if let id = parameters["client_id"], id != credentials.id {
                throw OAuthError.invalidRequest("The client_id is not that of the header Authorization.")
            }
        }
        let id = try credentials?.id ?? parameters.required("client_id", byteLimit: 200)
        func fail(_ reason: String) async throws -> OAuthError {
            try await failures.recordClient(id, reason, address: address)
            // The same for all, so that it does not tell which clients there are.
            return .invalidClient("The client is not known, or its secret is wrong.", usedHeader: credentials != nil)
        }
        guard let client = try await store.client(id) else { throw try await fail("unknown client") }
        switch (client.kind, credentials?.secret ?? secret) {
        case (.public, nil): return client
        // A secret that everybody may know proves nothing; a client that sends one is not the one that was registered.
        case (.public, .some): throw try await fail("secret of a public client")
        case (.confidential, nil): throw try await fail("no secret")
        case (.confidential, .some(let secret)):
            guard client.hasSecret(secret) else { throw try await fail("wrong secret") }
            return client
        }
    }

    /// Id and secret, which are percent-encoded before they are joined.
    private static func basicCredentials(_ header: String) throws(OAuthError) -> (id: String, secret: String) {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "basic", parts[1].utf8.count <= 1_000 else {
            throw .invalidClient("The header Authorization must be: Basic CREDENTIALS.", usedHeader: true)
        }
        let base64 = parts[1].filter { $0 != "=" }.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }
        guard let bytes = Base64URL.decode(String(base64)), let text = String(validating: bytes, as: UTF8.self),
            let colon = text.firstIndex(of: ":"),
            let id = percentDecoded(text[..<colon], plusIsSpace: true),
            let secret = percentDecoded(text[text.index(after: colon)...], plusIsSpace: true), !secret.isEmpty
        else { throw .invalidClient("The credentials in the header Authorization cannot be read.", usedHeader: true) }
        return (id, secret)
    }
}
