import Testing
import WebAuthn

@Suite("WebAuthn vectors") struct VectorTests {
    static let algorithms = ["packed-es384": -35, "packed-es512": -36, "packed-ed448": -53]

    @Test(
        "registers and authenticates",
        arguments: (Vector.withoutTrust + Vector.attested).filter { algorithms[$0.section] == nil })
    func accepts(vector: Vector) throws {
        let credential = try vector.register()
        #expect(credential.id == Vector.bytes(vector.credentialID))
        #expect(try CredentialKey(cose: credential.key.cose) == credential.key)
        let authentication = try vector.authenticate(credential)
        #expect(!authentication.mayBeCloned)
        #expect(authentication.credential.key == credential.key)
    }

    @Test(
        "refuses algorithms that were not asked for",
        arguments: Vector.attested.filter { algorithms[$0.section] != nil })
    func unsupported(vector: Vector) throws {
        let algorithm = try #require(Self.algorithms[vector.section])
        #expect(throws: WebAuthnError.unsupportedAlgorithm(algorithm)) { try vector.register() }
    }

    @Test("has all fifteen")
    func count() { #expect(Vector.withoutTrust.count + Vector.attested.count == 15) }

    @Test("reads the flags and the maker")
    func flags() throws {
        // Authenticator data with the flags 0x59: present, backup eligible and backed up, with a credential.
        let credential = try Vector.named("none-es256").register()
        #expect(!credential.isUserVerified)
        #expect(credential.isBackupEligible)
        #expect(credential.isBackedUp)
        #expect(credential.aaguid == Vector.bytes("8446ccb9ab1db374750b2367ff6f3a1f"))
        #expect(credential.key.algorithm == -7)
        #expect(try Vector.named("packed-rs256").register().key.algorithm == -257)
        #expect(try Vector.named("packed-eddsa").register().key.algorithm == -8)
        // 0x5d: verified, too.
        #expect(try Vector.named("packed-self-es256").register().isUserVerified)
    }

    @Test("refuses a key, a challenge or a signature of another one")
    func mixed() throws {
        let credential = try Vector.named("none-es256").register()
        let other = try Vector.named("packed-self-es256").register()
        var mixed = credential
        mixed.key = other.key
        #expect(throws: WebAuthnError.invalidSignature) { try Vector.named("none-es256").authenticate(mixed) }
        #expect(throws: WebAuthnError.wrongCredential) { try Vector.named("none-es256").authenticate(other) }
    }
}
