import Crypto
import JOSE

/// The server's key, with which secrets are stored that the server must read again.
public struct SecretKey: Sendable, CustomStringConvertible, CustomReflectable {
    fileprivate let key: SymmetricKey

    /// - Parameter base64: 32 bytes, with either alphabet of RFC 4648, padded or not.
    /// - Throws: `IdentityError.invalidValue`, which does not repeat the text.
    public init(base64: String) throws(IdentityError) {
        let text = base64.filter { $0 != "=" }.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }
        guard let bytes = Base64URL.decode(String(text)), bytes.count == 32 else {
            throw IdentityError(
                .invalidValue, "the key must be 32 bytes in Base64, as 'openssl rand -base64 32' makes them")
        }
        key = SymmetricKey(data: bytes)
    }

    public var description: String { "(secret)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Encrypts secrets for the database with the server's key, if there is one.
///
/// What was stored without a key can be read with one; the next time that it is stored, it is encrypted.
struct SecretBox: Sendable {
    /// How encrypted secrets begin. No key is stored that begins like this, and no TOTP secret is as long.
    private static let mark = Array("TBS1".utf8)

    let key: SecretKey?

    /// - Parameter context: What the secret is for: where it is copied to another row, it cannot be read.
    func seal(_ secret: [UInt8], for context: String) throws -> [UInt8] {
        guard let key else { return secret }
        let box = try AES.GCM.seal(secret, using: key.key, authenticating: Array(context.utf8))
        // There is always one: the nonce has the usual length.
        return Self.mark + Array(box.combined ?? box.ciphertext)
    }

    /// - Throws: `IdentityError.unreadableSecret` for one that another key has encrypted.
    func open(_ stored: [UInt8], for context: String) throws(IdentityError) -> [UInt8] {
        guard isSealed(stored) else { return stored }
        guard let key else {
            throw IdentityError(
                .unreadableSecret, "Secrets are stored encrypted, and identity.secretKey is not configured.")
        }
        guard let box = try? AES.GCM.SealedBox(combined: stored.dropFirst(Self.mark.count)),
            let secret = try? AES.GCM.open(box, using: key.key, authenticating: Array(context.utf8))
        else {
            throw IdentityError(
                .unreadableSecret, "Secrets were stored with another identity.secretKey than the configured one.")
        }
        return Array(secret)
    }

    func isSealed(_ stored: [UInt8]) -> Bool { stored.starts(with: Self.mark) && stored.count >= 32 }
}
