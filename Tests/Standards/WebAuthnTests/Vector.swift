import JOSE
import Testing
import WebAuthn

/// A passkey that is made and used, in hexadecimal digits.
struct Vector: Sendable, CustomTestStringConvertible {
    /// The end of the section's name in the standard.
    let section: String
    let credentialID: String
    let registrationChallenge: String
    let registrationClientData: String
    let attestationObject: String
    let authenticationChallenge: String
    let authenticatorData: String
    let authenticationClientData: String
    let signature: String

    var testDescription: String { section }

    static let site = RelyingParty(
        id: "example.org", name: "Example", origins: ["https://example.org"],
        crossOrigin: .allowed(topOrigins: ["https://example.com"]))

    static func named(_ section: String) -> Vector { (withoutTrust + attested).first { $0.section == section }! }

    static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = Array(hexadecimal.utf8)
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            bytes.append(UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16)!)
        }
        return bytes
    }

    var registration: RegistrationResponse {
        RegistrationResponse(
            id: Self.bytes(credentialID), clientData: Self.bytes(registrationClientData),
            attestationObject: Self.bytes(attestationObject))
    }

    var authentication: AuthenticationResponse {
        AuthenticationResponse(
            id: Self.bytes(credentialID), clientData: Self.bytes(authenticationClientData),
            authenticatorData: Self.bytes(authenticatorData), signature: Self.bytes(signature))
    }

    func register(
        _ change: (inout RegistrationResponse) -> Void = { _ in }, at site: RelyingParty = site,
        userVerification: UserVerification = .preferred
    ) throws -> Credential {
        var response = registration
        change(&response)
        return try site.verify(
            response, challenge: Self.bytes(registrationChallenge), userVerification: userVerification)
    }

    func authenticate(
        _ credential: Credential, _ change: (inout AuthenticationResponse) -> Void = { _ in },
        at site: RelyingParty = site, userVerification: UserVerification = .preferred
    ) throws -> Authentication {
        var response = authentication
        change(&response)
        return try site.verify(
            response, of: credential, challenge: Self.bytes(authenticationChallenge), userHandle: [7, 7],
            userVerification: userVerification)
    }
}
