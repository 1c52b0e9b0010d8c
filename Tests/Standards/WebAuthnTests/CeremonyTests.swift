import CBOR
import Crypto
import JOSE
import JSON
import TestKit
import Testing
import WebAuthn

/// Registrations and authentications with one thing changed.
@Suite("WebAuthn ceremonies") struct CeremonyTests {
    let vector = Vector.named("none-es256")

    private func clientData(_ changes: JSONObject, type: String = "webauthn.get", challenge: String? = nil) -> [UInt8] {
        let bytes = Vector.bytes(challenge ?? vector.authenticationChallenge)
        var data: JSONObject = [
            "type": .string(type), "challenge": .string(Base64URL.encode(bytes)), "origin": "https://example.org",
            "crossOrigin": false,
        ]
        for member in changes { data[member.name] = member.value }
        return JSONValue.object(data).serialized()
    }

    @Test(
        "refuses client data",
        arguments: [
            (["type": "webauthn.create"], .wrongCeremony("webauthn.create")),
            (["type": "payment.get"], .wrongCeremony("payment.get")),
            (["challenge": ""], .wrongChallenge), (["challenge": "AAAA"], .wrongChallenge),
            (["origin": "https://example.org.evil.example"], .wrongOrigin("https://example.org.evil.example")),
            (["origin": "http://example.org"], .wrongOrigin("http://example.org")),
            (["origin": "https://example.org:8443"], .wrongOrigin("https://example.org:8443")),
            (["origin": "https://EXAMPLE.org"], .wrongOrigin("https://EXAMPLE.org")),
            (["origin": nil], .invalidMember("clientDataJSON.origin")),
            (["type": 1], .invalidMember("clientDataJSON.type")),
            (["crossOrigin": "true"], .invalidMember("clientDataJSON.crossOrigin")),
            (["topOrigin": 1], .invalidMember("clientDataJSON.topOrigin")),
            (["crossOrigin": true, "topOrigin": "https://evil.example"], .wrongTopOrigin("https://evil.example")),
            (["topOrigin": "https://example.com"], .crossOrigin),
        ] as [(JSONObject, WebAuthnError)])
    func clientData(changes: JSONObject, error: WebAuthnError) throws {
        let credential = try vector.register()
        #expect(throws: error) { try vector.authenticate(credential) { $0.clientData = clientData(changes) } }
        // The ceremony is told before anything else, so that only the other faults are left for a registration.
        guard changes["type"] == nil else { return }
        #expect(throws: error) {
            try vector.register { response in
                response.clientData = clientData(
                    changes, type: "webauthn.create", challenge: vector.registrationChallenge)
            }
        }
    }

    @Test(
        "refuses frames of other sites unless they are allowed",
        arguments: ["none-es256-crossOrigin", "none-es256-topOrigin"])
    func crossOrigin(section: String) throws {
        let vector = Vector.named(section)
        let site = RelyingParty(id: "example.org", name: "Example", origins: ["https://example.org"])
        let credential = try vector.register()
        #expect(throws: WebAuthnError.crossOrigin) { try vector.authenticate(credential, at: site) }
    }

    @Test(
        "refuses client data that is ambiguous",
        arguments: ["", "[", #"{"type":"webauthn.get","type":"webauthn.create"}"#, "\u{feff}{}"])
    func ambiguous(text: String) throws {
        let credential = try vector.register()
        let error = try #require(throws: WebAuthnError.self) {
            try vector.authenticate(credential) { $0.clientData = Array(text.utf8) }
        }
        guard case .invalidClientData = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test("refuses a changed authenticator, by what has changed")
    func authenticatorData() throws {
        let credential = try vector.register()
        func refused(
            _ error: WebAuthnError, userVerification: UserVerification = .preferred, _ change: (inout [UInt8]) -> Void
        ) {
            #expect(throws: error) {
                try vector.authenticate(
                    credential, { change(&$0.authenticatorData) }, userVerification: userVerification)
            }
        }
        refused(.wrongRelyingParty) { $0[0] ^= 1 }
        refused(.userNotPresent) { $0[32] &= ~0x01 }
        refused(.userNotVerified, userVerification: .required) { _ in }
        refused(.inconsistentBackup) { $0[32] &= ~0x08 }
        refused(.backupEligibilityChanged) { $0[32] &= ~0x18 }
        // Flags and counter are signed.
        refused(.invalidSignature) { $0[32] |= 0x04 }
        refused(.invalidSignature) { $0[36] = 1 }
        refused(.invalidAuthenticatorData("too short")) { $0.removeLast() }
        refused(.invalidAuthenticatorData("too short")) { $0 = [] }
        refused(.invalidAuthenticatorData("bytes after the end")) { $0.append(0) }
        refused(.invalidAuthenticatorData("too short for a credential")) { $0[32] |= 0x40 }
        refused(.invalidAttestation(.truncated(at: 0))) { $0[32] |= 0x80 }
        refused(.invalidAuthenticatorData("extensions that are no map")) {
            $0[32] |= 0x80
            $0.append(0x80)
        }
        // Extensions are read over: only the signature is wrong.
        refused(.invalidSignature) {
            $0[32] |= 0x80
            $0 += [0xa1, 0x61, 0x61, 0xf5]
        }
    }

    @Test("refuses every changed signature")
    func signature() throws {
        let credential = try vector.register()
        let right = vector.authentication.signature
        for index in right.indices {
            #expect(throws: WebAuthnError.invalidSignature) {
                try vector.authenticate(credential) { $0.signature[index] ^= 1 }
            }
        }
        for wrong in [[], right + [0], Array(right.dropLast()), [UInt8](repeating: 0, count: 64)] {
            #expect(throws: WebAuthnError.invalidSignature) {
                try vector.authenticate(credential) { $0.signature = wrong }
            }
        }
    }

    @Test("takes the user's id when there is one")
    func userHandle() throws {
        let credential = try vector.register()
        #expect(throws: Never.self) { try vector.authenticate(credential) { $0.userHandle = [7, 7] } }
        for wrong in [[], [7], [8, 8]] as [[UInt8]] {
            #expect(throws: WebAuthnError.wrongUser) { try vector.authenticate(credential) { $0.userHandle = wrong } }
        }
    }

    /// Source: [WebAuthn Level 3, section 6.1.1](https://www.w3.org/TR/webauthn-3/#sctn-sign-counter).
    @Test(
        "says when the counter does not grow",
        arguments: [
            (0, 0, false), (0, 1, false), (1, 2, false), (5, 5, true), (5, 4, true), (5, 0, true),
            (.max, .max, true), (.max - 1, .max, false),
        ] as [(UInt32, UInt32, Bool)])
    func counter(stored: UInt32, new: UInt32, mayBeCloned: Bool) throws {
        let key = try SigningKey.generate(.edDSA)
        let x = try #require(key.publicKey.jwk["x"]?.string.flatMap { Base64URL.decode($0) })
        let credential = Credential(
            id: [1], key: try CredentialKey(cose: [0xa4, 1, 1, 3, 0x32, 0x20, 6, 0x21, 0x58, 0x20] + x),
            signCount: stored,
            isUserVerified: false, isBackupEligible: false, isBackedUp: false)
        #expect(credential.key.algorithm == -19)
        let count = (0..<4).reversed().map { UInt8(truncatingIfNeeded: new >> UInt32($0 * 8)) }
        let data = Array(vector.authentication.authenticatorData[..<32]) + [0x01] + count
        let clientData = clientData([:])
        let signature = try key.signature(of: data + SHA256.hash(data: clientData))
        let authentication = try Vector.site.verify(
            AuthenticationResponse(id: [1], clientData: clientData, authenticatorData: data, signature: signature),
            of: credential, challenge: Vector.bytes(vector.authenticationChallenge), userHandle: [],
            userVerification: .discouraged)
        #expect(authentication.mayBeCloned == mayBeCloned)
        #expect(authentication.credential.signCount == new)
    }

    @Test(
        "refuses attestations",
        arguments: [
            ("", WebAuthnError.invalidAttestation(.truncated(at: 0))),
            ("a0", .invalidAuthenticatorData("an attestation without its members")),
            ("80", .invalidAuthenticatorData("an attestation without its members")),
            (
                "a363666d74646e6f6e656761747453746d7480686175746844617461" + "40",
                .invalidAuthenticatorData("an attestation without its members")
            ),
            ("a363666d74646e6f6e656761747453746d74a0686175746844617461" + "40", .invalidAuthenticatorData("too short")),
            ("bf", .invalidAttestation(.indefiniteLength(at: 0))),
        ])
    func attestations(hexadecimal: String, error: WebAuthnError) {
        #expect(throws: error) { try vector.register { $0.attestationObject = Vector.bytes(hexadecimal) } }
    }

    @Test("refuses a statement of 'none', and a wrong self attestation")
    func statements() throws {
        // {"fmt": "none", "attStmt": {"x": 0}, …
        #expect(throws: WebAuthnError.invalidAuthenticatorData("an attestation 'none' with a statement")) {
            try vector.register { response in
                response.attestationObject.replaceSubrange(18...18, with: [0xa1, 0x61, 0x78, 0x00])
            }
        }
        let selfAttested = Vector.named("packed-self-es256")
        #expect(throws: WebAuthnError.invalidSelfAttestation) {
            // A byte of the signature.
            try selfAttested.register { $0.attestationObject[60] ^= 1 }
        }
        #expect(throws: WebAuthnError.wrongCredential) { try vector.register { $0.id = [1] } }
    }

    @Test("refuses each registration and authentication that is cut off")
    func truncated() throws {
        let credential = try vector.register()
        for count in vector.registration.attestationObject.indices {
            #expect(throws: WebAuthnError.self) {
                try vector.register { $0.attestationObject.removeLast($0.attestationObject.count - count) }
            }
        }
        for count in vector.authentication.authenticatorData.indices {
            #expect(throws: WebAuthnError.self) {
                try vector.authenticate(credential) {
                    $0.authenticatorData.removeLast($0.authenticatorData.count - count)
                }
            }
        }
    }

    @Test("refuses attestations with a byte changed, or reads the same credential")
    func flipped() throws {
        for seed in TestRounds.seeds(1) {
            var random = SeededGenerator(seed: seed)
            let right = try vector.register()
            for index in vector.registration.attestationObject.indices {
                // Counter, flags and maker are not signed without attestation.
                guard
                    let changed = try? vector.register({ $0.attestationObject[index] ^= UInt8(random.integer(1...255)) }
                    )
                else { continue }
                #expect(changed.id == right.id && changed.key == right.key, "byte \(index), \(random)")
            }
        }
    }
}
