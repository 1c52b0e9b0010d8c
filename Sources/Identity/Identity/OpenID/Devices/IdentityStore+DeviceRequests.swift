public import Access
import JSON
import SQLDatabase
import Temporal

extension IdentityStore {
    /// - Parameters:
    ///   - challenge: By the method `S256`; `nil`: the device has sent none.
    ///   - userAgent: Of the device's request.
    /// - Returns: `nil`: too many were made lately, from this address or from all.
    public func makeDeviceRequest(
        _ client: OAuthClient, scopes: Set<Scope>, challenge: String?, address: String?, userAgent: String?
    ) async throws -> DeviceCodes? {
        let codes = DeviceCodes(
            deviceCode: Base32.text(Secret.randomBytes(32)).lowercased(), userCode: UserCode())
        let id = Base32.text(Secret.randomBytes(20)).lowercased()
        return try await database.write(.readCommitted) { transaction in
            guard try transaction.count(.deviceRequests, address) == nil else { return nil }
            let now = try transaction.currentTime()
            try transaction.execute(
                """
                INSERT INTO identity_device_requests (id, device_hash, user_hash, client, scopes, challenge, address,
                    user_agent, created_at, expires_at, poll_interval)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, id, Secret.hash(codes.deviceCode), codes.userCode.hash, client.id, Scope.text(scopes), challenge,
                address, userAgent.map { String(decoding: $0.utf8.prefix(200), as: UTF8.self) }, now,
                now.adding(seconds: DeviceRequest.lifetime), DevicePolling.initialInterval)
            return codes
        }
    }

    /// Looks for the request that a person has the code of, and counts wrong ones.
    ///
    /// - Parameters:
    ///   - userCode: As it was typed.
    ///   - address: Of the browser.
    ///   - name: Of the account that is signed in, if one is.
    public func deviceRequest(
        userCode: String, address: String?, account name: String? = nil
    ) async throws -> UserCodeCheck {
        let code = UserCode(userCode)
        let actor = AuditActor(name ?? "", address: address)
        return try await database.write(.readCommitted) { transaction in
            if let limit = try transaction.count(.userCodes, address) {
                // Once: who guesses on fills no log.
                if limit.isFirst { try transaction.record(.userCodeChecked, of: name ?? "", by: actor, .locked) }
                return .limited(until: limit.end)
            }
            let row = try code.flatMap { code in
                try transaction.row(
                    """
                    SELECT * FROM identity_device_requests
                    WHERE user_hash = ? AND decided_at IS NULL AND used_at IS NULL AND expires_at > ?
                    """, code.hash, transaction.currentTime())
            }
            guard let row else {
                try transaction.record(.userCodeChecked, of: name ?? "", by: actor, .failure)
                return .wrong
            }
            try transaction.takeBack(.userCodes, address)
            return .found(try DeviceRequest(row))
        }
    }

    /// A request that waits to be decided.
    ///
    /// - Parameter id: Of a request that was found by its user code.
    public func deviceRequest(_ id: String) async throws -> DeviceRequest? {
        try await database.read { transaction in
            try transaction.row(
                """
                SELECT * FROM identity_device_requests
                WHERE id = ? AND decided_at IS NULL AND used_at IS NULL AND expires_at > ?
                """, id, transaction.currentTime()
            ).map(DeviceRequest.init)
        }
    }

    /// Lets the device of a request sign in, or not.
    ///
    /// - Parameters:
    ///   - id: Of a request that was found by its user code.
    ///   - authentication: Of who decides.
    /// - Throws: `IdentityError.noSuchDeviceRequest`, also for one that has ended or was decided.
    public func decideDevice(
        _ id: String, approve: Bool, _ authentication: Authentication, address: String?
    ) async throws {
        try await database.write(.readCommitted) { transaction in
            let now = try transaction.currentTime()
            let row = try transaction.row(
                """
                UPDATE identity_device_requests
                SET decided_at = ?, is_approved = ?, account = ?, amr = ?, auth_at = ?
                WHERE id = ? AND decided_at IS NULL AND used_at IS NULL AND expires_at > ? RETURNING *
                """, now, approve, authentication.account, authentication.methods.joined(separator: " "),
                authentication.time, id, now)
            guard let row else {
                throw IdentityError(.noSuchDeviceRequest, "The code has ended, or was used already.")
            }
            let request = try DeviceRequest(row)
            try transaction.record(
                approve ? .deviceApproved : .deviceDenied, of: authentication.account,
                by: AuditActor(authentication.account, address: address), .success,
                [
                    "client": .string(request.client), "scopes": .string(Scope.text(request.scopes)),
                    "requestAddress": request.address.map { .string($0) } ?? .null,
                ])
        }
    }

    /// Makes a grant of a device code whose user has approved, once.
    public func redeemDeviceCode(
        _ code: String, client: OAuthClient, verifier: String?, _ lifetimes: TokenLifetimes, address: String?
    ) async throws -> Result<TokenBasis, GrantRefusal> {
        let hash = Secret.hash(code)
        return try await database.write(.readCommitted) { transaction in
            // Polls at the same time wait for each other.
            let row = try transaction.row(
                "SELECT * FROM identity_device_requests WHERE device_hash = ? FOR UPDATE", hash)
            guard let row else { return .failure(.unknown) }
            let (request, now) = (try DeviceRequest(row), try transaction.currentTime())
            let name: String = try row["account"] ?? ""
            let actor = AuditActor(name, address: address)
            func refuse(_ refusal: GrantRefusal) throws -> Result<TokenBasis, GrantRefusal> {
                try transaction.recordRefusal(refusal, of: name, client: client.id, by: actor)
                return .failure(refusal)
            }
            guard request.client == client.id else { return try refuse(.invalid) }
            guard try row["used_at"] as Timestamp? == nil else {
                if let grant: Int64 = try row["grant_id"] {
                    try transaction.revokeGrants(
                        "id = ?", [grant.databaseValue], by: actor, reason: "device code replayed")
                }
                return try refuse(.replayed)
            }
            guard ProofKey.matches(verifier, try row["challenge"]) else { return try refuse(.wrongVerifier) }
            guard request.expiry > now else { return .failure(.expired) }
            guard let isApproved: Bool = try row["is_approved"] else {
                return .failure(try transaction.poll(row, at: now) ? .pending : .slowDown)
            }
            try transaction.execute("UPDATE identity_device_requests SET used_at = ? WHERE device_hash = ?", now, hash)
            guard isApproved else { return .failure(.denied) }
            let authentication = Authentication(
                name, methods: (try row["amr"] as String).split(separator: " ").map(String.init),
                at: try row["auth_at"])
            switch try transaction.makeGrant(client, authentication, request.scopes, lifetimes, nonce: nil, by: actor) {
            case .success(let basis):
                try transaction.execute(
                    "UPDATE identity_device_requests SET grant_id = ? WHERE device_hash = ?", basis.grant.id, hash)
                return .success(basis)
            case .failure(let refusal): return try refuse(refusal)
            }
        }
    }
}

extension DeviceRequest {
    fileprivate init(_ row: Row) throws {
        id = try row["id"]
        client = try row["client"]
        scopes = Scope.set(try row["scopes"])
        address = try row["address"]
        userAgent = try row["user_agent"]
        creation = try row["created_at"]
        expiry = try row["expires_at"]
    }
}

extension WriteTransaction {
    /// - Returns: Whether the device polls in time.
    fileprivate func poll(_ row: Row, at now: Timestamp) throws -> Bool {
        var polling = DevicePolling(interval: try row["poll_interval"], lastPoll: try row["polled_at"])
        let isInTime = polling.poll(at: now)
        try execute(
            "UPDATE identity_device_requests SET poll_interval = ?, polled_at = ? WHERE id = ?", polling.interval,
            polling.lastPoll, try row["id"] as String)
        return isInTime
    }
}
