import Access
import SQLDatabase
import Temporal

extension IdentityStore {
    /// Seconds for which a code can be redeemed.
    static let codeLifetime: Int64 = 60

    /// Makes a code for a user who has signed in and, where that is needed, has consented.
    ///
    /// - Returns: The code, which is good for 60 seconds, once.
    /// - Throws: `IdentityError.noSuchAccount`.
    public func makeAuthorizationCode(
        for request: CodeRequest, _ authentication: Authentication
    ) async throws -> String {
        let code = Base32.text(Secret.randomBytes(32)).lowercased()
        try await database.write(.readCommitted) { transaction in
            _ = try transaction.existingAccount(authentication.account)
            let now = try transaction.currentTime()
            try transaction.execute(
                """
                INSERT INTO identity_codes (hash, client, redirect_uri, scopes, challenge, nonce, account, amr, auth_at,
                    expires_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, Secret.hash(code), request.client, request.redirectURI, Scope.text(request.scopes),
                request.codeChallenge, request.nonce, authentication.account,
                authentication.methods.joined(separator: " "), authentication.time,
                now.adding(seconds: Self.codeLifetime))
        }
        return code
    }

    /// Makes a grant of a code. Any attempt uses the code up; the second one revokes the grant that was made of it.
    ///
    /// - Parameters:
    ///   - client: Authenticated, if it is confidential.
    ///   - redirectURI: As the client repeats it.
    public func redeemCode(
        _ code: String, client: OAuthClient, redirectURI: String?, verifier: String?, _ lifetimes: TokenLifetimes,
        address: String?
    ) async throws -> Result<TokenBasis, GrantRefusal> {
        let hash = Secret.hash(code)
        return try await database.write(.readCommitted) { transaction in
            let now = try transaction.currentTime()
            // Of two at once, one changes the row.
            guard
                let row = try transaction.row(
                    "UPDATE identity_codes SET used_at = ? WHERE hash = ? AND used_at IS NULL RETURNING *", now, hash)
            else { return .failure(try transaction.replay(ofCode: hash, client, address)) }
            let authentication = Authentication(
                try row["account"], methods: (try row["amr"] as String).split(separator: " ").map(String.init),
                at: try row["auth_at"])
            let actor = AuditActor(authentication.account, address: address)
            let refusal: GrantRefusal
            switch try transaction.checkCode(row, client, redirectURI, verifier) {
            case nil:
                switch try transaction.makeGrant(
                    client, authentication, Scope.set(try row["scopes"]), lifetimes, nonce: try row["nonce"], by: actor)
                {
                case .success(let basis):
                    try transaction.execute(
                        "UPDATE identity_codes SET grant_id = ? WHERE hash = ?", basis.grant.id, hash)
                    return .success(basis)
                case .failure(let cause): refusal = cause
                }
            case .some(let cause): refusal = cause
            }
            try transaction.recordRefusal(refusal, of: authentication.account, client: client.id, by: actor)
            return .failure(refusal)
        }
    }
}

extension WriteTransaction {
    fileprivate func checkCode(
        _ row: Row, _ client: OAuthClient, _ redirectURI: String?, _ verifier: String?
    ) throws -> GrantRefusal? {
        let expiry: Timestamp = try row["expires_at"]
        guard try row["client"] == client.id, expiry > (try currentTime()) else { return .invalid }
        guard let redirectURI, (try row["redirect_uri"] as String).utf8.elementsEqual(redirectURI.utf8) else {
            return .wrongRedirectURI
        }
        let challenge: String? = try row["challenge"]
        // Codes of public clients have one; this is the last place to notice one that has not.
        guard client.kind == .confidential || challenge != nil, ProofKey.matches(verifier, challenge) else {
            return .wrongVerifier
        }
        return nil
    }

    /// - Returns: Why the code, which cannot be redeemed, is refused; the grant that was made of it is revoked.
    fileprivate func replay(
        ofCode hash: [UInt8], _ client: OAuthClient, _ address: String?
    ) throws -> GrantRefusal {
        guard let row = try row("SELECT account, grant_id FROM identity_codes WHERE hash = ?", hash) else {
            return .unknown
        }
        let name: String = try row["account"]
        let actor = AuditActor(name, address: address)
        if let grant: Int64 = try row["grant_id"] {
            try revokeGrants("id = ?", [grant.databaseValue], by: actor, reason: "authorization code replayed")
        }
        try recordRefusal(.replayed, of: name, client: client.id, by: actor)
        return .replayed
    }

    /// A grant, unless the account may not be given one.
    func makeGrant(
        _ client: OAuthClient, _ authentication: Authentication, _ scopes: Set<Scope>, _ lifetimes: TokenLifetimes,
        nonce: String?, by actor: AuditActor
    ) throws -> Result<TokenBasis, GrantRefusal> {
        let account: Account
        switch try usableAccount(authentication.account, isFirst: true) {
        case .success(let found): account = found
        case .failure(let refusal): return .failure(refusal)
        }
        let isRefreshable = client.grantTypes.contains(.refreshToken) && scopes.contains(.offlineAccess)
        let rotationKey =
            isRefreshable && client.refreshPolicy == .rotated ? Secret.randomBytes(RefreshToken.keyByteCount) : nil
        let now = try currentTime()
        let grant = try insertGrant(
            client.id, authentication, scopes,
            end: now.adding(seconds: isRefreshable ? lifetimes.grant : lifetimes.accessToken),
            rotationKey: rotationKey, by: actor)
        var refreshToken: String?
        if rotationKey != nil {
            let token = RefreshToken.random()
            try insertRefreshToken(token, of: grant.id)
            refreshToken = token
        }
        return .success(
            TokenBasis(
                grant: grant, account: account, rights: try rights(of: authentication.account), time: now,
                refreshToken: refreshToken, isRefreshable: isRefreshable, nonce: nonce))
    }
}
