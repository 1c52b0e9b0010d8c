import HTTPTypes
import Identity
import JSON
import WebAuthn

extension ProviderPages {
    /// What the script of a page asks for.
    func passkeyOptions(_ visit: PageVisit) async throws -> PageResponse {
        guard let purpose = visit.form["purpose"].flatMap(ChallengePurpose.init(rawValue:)) else {
            return .page(errorPage("Request refused", "The purpose of the passkey is missing."))
        }
        let name = visit.session?.account
        guard purpose == .signIn || name != nil,
            let challenge = try await store.makeChallenge(
                purpose, in: visit.token, visit.client, configuration.sessions)
        else {
            return .page(errorPage("Request refused", "You are not signed in.", status: .forbidden))
        }
        switch purpose {
        case .signIn:
            return .json(
                relyingParty.requestOptions(challenge: challenge, userVerification: .required).serialized())
        case .secondFactor:
            let credentials = try await store.passkeys(of: name ?? "").map(\.credential)
            return .json(
                relyingParty.requestOptions(challenge: challenge, allowed: credentials, userVerification: .preferred)
                    .serialized())
        case .enrolment:
            guard let name, let account = try await store.account(name) else { throw Self.notSignedIn }
            let options = relyingParty.creationOptions(
                challenge: challenge, userHandle: try await store.passkeyUserHandle(of: name), userName: name,
                displayName: account.fullName.isEmpty ? name : account.fullName,
                existing: try await store.passkeys(of: name).map(\.credential), userVerification: .preferred)
            return .json(options.serialized())
        }
    }

    /// A passkey alone, which must have asked for a PIN or a finger.
    func checkPasskey(_ visit: PageVisit) async throws -> PageResponse {
        guard let (passkey, authentication) = try await authentication(visit, .signIn, .required, of: nil) else {
            return try await loginPage(visit, errors: [PageError(nil, Self.wrongPasskey)])
        }
        switch try await store.recordUse(of: passkey, authentication, address: visit.client.address) {
        case .accepted:
            let token = try await store.beginSession(
                of: passkey.account, .complete, [.verifiedPasskey], replacing: visit.token, visit.client,
                configuration.sessions)
            return onward(visit, token: token)
        case .refused(let state):
            return try await loginPage(visit, errors: [PageError(nil, Self.sentence(about: state))])
        case .wrong, .locked: return try await loginPage(visit, errors: [PageError(nil, Self.wrongPasskey)])
        }
    }

    func checkFactorPasskey(_ visit: PageVisit) async throws -> PageResponse {
        let name = try halfSignedIn(visit)
        guard let (passkey, authentication) = try await authentication(visit, .secondFactor, .preferred, of: name)
        else { return try await proceed(visit, .wrong, .passkey, field: nil, wrong: Self.wrongPasskey) }
        let check = try await store.recordUse(of: passkey, authentication, address: visit.client.address)
        return try await proceed(visit, check, .passkey, field: nil, wrong: Self.wrongPasskey)
    }

    /// - Parameter name: Whose passkey it must be; `nil`: anybody's.
    /// - Returns: `nil`: the answer is not right, or not one to the last challenge.
    private func authentication(
        _ visit: PageVisit, _ purpose: ChallengePurpose, _ userVerification: UserVerification, of name: String?
    ) async throws -> (Passkey, WebAuthn.Authentication)? {
        // Taken whatever the answer is: each challenge is for one.
        guard let challenge = try await store.takeChallenge(purpose, in: visit.token),
            let json = try? JSONValue(parsing: visit.form.text("response")),
            let response = try? AuthenticationResponse(json: json),
            let passkey = try await store.passkey(response.id), name == nil || passkey.account == name
        else { return nil }
        let handle = try await store.passkeyUserHandle(of: passkey.account)
        do throws(WebAuthnError) {
            let authentication = try relyingParty.verify(
                response, of: passkey.credential, challenge: challenge, userHandle: handle,
                userVerification: userVerification)
            return (passkey, authentication)
        } catch {
            try await store.recordRefusal(of: passkey, error, address: visit.client.address)
            return nil
        }
    }

    /// The new passkey that a form has.
    ///
    /// - Throws: `PageError`.
    func registration(_ visit: PageVisit) async throws -> WebAuthn.Credential {
        guard let challenge = try await store.takeChallenge(.enrolment, in: visit.token) else {
            throw PageError(nil, "The passkey took too long. Try again.")
        }
        do {
            let json = try JSONValue(parsing: visit.form.text("response"))
            return try relyingParty.verify(
                RegistrationResponse(json: json), challenge: challenge, userVerification: .preferred)
        } catch let error as WebAuthnError {
            throw PageError(nil, "The passkey was not accepted: \(error).")
        } catch is JSONError {
            throw PageError(nil, "The browser has sent no passkey. Scripts are needed to add one.")
        }
    }

    private static let wrongPasskey = "The passkey was not accepted. Try again, or choose another way."
    private static let notSignedIn = PageError(nil, "You are not signed in.")
}
