import JSON
import SQLDatabase
import Temporal

extension IdentityStore {
    /// Begins a session in the step `password`, or `complete`, whatever the browser's session was before: a token that was
    /// known to somebody else is worth nothing afterwards.
    ///
    /// - Parameter old: The browser's token until now; its session ends.
    /// - Returns: The token of the session.
    /// - Throws: `IdentityError.noSuchAccount`, also for one that is disabled or has ended.
    public func beginSession(
        of name: String, _ step: BrowserSession.Step, _ methods: [SignInMethod], replacing old: SessionToken?,
        _ client: SessionClient, _ limits: SessionLimits
    ) async throws -> SessionToken {
        let token = SessionToken()
        try await database.write { transaction in
            try transaction.checkMaySignIn(name)
            if let old { try transaction.deleteSession(old) }
            try transaction.deleteOldSessions()
            try transaction.insertSession(token, of: name, step, methods, client, limits)
            if step == .complete { try transaction.recordSession(of: name, methods, client) }
        }
        return token
    }

    /// The second factor was right, or has been enrolled.
    ///
    /// - Returns: The session's new token; `nil`: there is no session in the step `password` with this one, or its account
    ///   may not sign in any more.
    public func completeSession(
        _ token: SessionToken, _ method: SignInMethod, _ client: SessionClient, _ limits: SessionLimits
    ) async throws -> SessionToken? {
        let newToken = SessionToken()
        return try await database.write { transaction in
            guard let session = try transaction.session(token), session.step == .password, let name = session.account
            else { return nil }
            try transaction.deleteSession(token)
            let methods = session.methods + [method]
            try transaction.insertSession(newToken, of: name, .complete, methods, client, limits)
            try transaction.recordSession(of: name, methods, client)
            return newToken
        }
    }

    /// Another token for a session whose rights have changed.
    ///
    /// - Returns: `nil`: there is no such session.
    public func renewSession(_ token: SessionToken) async throws -> SessionToken? {
        let newToken = SessionToken()
        return try await database.write { transaction in
            let count = try transaction.execute(
                "UPDATE identity_sessions SET hash = ? WHERE hash = ?", newToken.hash, token.hash)
            return count == 1 ? newToken : nil
        }
    }

    /// The session of a browser; using it delays its end.
    ///
    /// - Returns: `nil`: there is none, it has ended, or its account is disabled or has ended.
    public func session(_ token: SessionToken, _ limits: SessionLimits) async throws -> BrowserSession? {
        let found = try await database.read { transaction -> (BrowserSession, Timestamp)? in
            try transaction.session(token).map { ($0, try transaction.currentTime()) }
        }
        guard let (session, now) = found else { return nil }
        // One write a minute, however many requests there are.
        guard session.step == .complete, now.microseconds - session.lastUse.microseconds >= 60_000_000 else {
            return session
        }
        try await database.write(.readCommitted) { transaction in
            let now = try transaction.currentTime()
            _ = try transaction.execute(
                "UPDATE identity_sessions SET last_used_at = ?, expires_at = ? WHERE hash = ?", now,
                min(now.adding(seconds: limits.idleSeconds), session.end), token.hash)
        }
        return session
    }

    /// Those that are signed in now; the latest first.
    public func sessions(of name: String) async throws -> [BrowserSession] {
        try await database.read { transaction in
            try transaction.rows(
                "SELECT * FROM identity_sessions WHERE account = ? AND step = ? AND expires_at > ? ORDER BY id DESC",
                name,
                BrowserSession.Step.complete, transaction.currentTime()
            ).map(BrowserSession.init)
        }
    }

    /// Signs the browser out.
    public func endSession(_ token: SessionToken, address: String?) async throws {
        try await database.write { transaction in
            let session = try transaction.session(token)
            try transaction.deleteSession(token)
            guard let name = session?.account, session?.step == .complete else { return }
            try transaction.record(.sessionEnded, of: name, by: AuditActor(name, address: address))
        }
    }

    /// - Parameter name: Whose session it is.
    /// - Throws: `IdentityError.noSuchSession`.
    public func endSession(_ id: Int64, of name: String, by actor: AuditActor) async throws {
        try await database.write { transaction in
            guard
                try transaction.execute("DELETE FROM identity_sessions WHERE id = ? AND account = ?", id, name) == 1
            else { throw IdentityError(.noSuchSession, "'\(name)' has no session \(id).") }
            try transaction.record(.sessionEnded, of: name, by: actor)
        }
    }
}

extension ReadTransaction {
    /// One that can be used now.
    func session(_ token: SessionToken) throws -> BrowserSession? {
        let now = try currentTime()
        return try row(
            """
            SELECT s.* FROM identity_sessions s LEFT JOIN identity_accounts a ON a.name = s.account
            WHERE s.hash = ? AND s.expires_at > ?
                AND (s.account IS NULL OR (NOT a.is_disabled AND (a.end_at IS NULL OR a.end_at > ?)))
            """, token.hash, now, now
        ).map(BrowserSession.init)
    }

    /// - Throws: `IdentityError.noSuchAccount`.
    fileprivate func checkMaySignIn(_ name: String) throws {
        switch try existingAccount(name).state(at: currentTime()) {
        case .active, .locked: break
        case .disabled, .ended: throw IdentityError.noSuchAccount(name)
        }
    }
}

extension WriteTransaction {
    func insertSession(
        _ token: SessionToken, of name: String?, _ step: BrowserSession.Step, _ methods: [SignInMethod],
        _ client: SessionClient, _ limits: SessionLimits
    ) throws {
        let now = try currentTime()
        let isComplete = step == .complete
        let end = now.adding(seconds: isComplete ? limits.longestSeconds : limits.signInSeconds)
        try execute(
            """
            INSERT INTO identity_sessions (hash, account, step, methods, address, agent, created_at, authenticated_at,
                last_used_at, expires_at, end_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, token.hash, name, step, methods.map(\.rawValue).joined(separator: " "), client.address, client.agent,
            now, isComplete ? now : nil, now, isComplete ? min(now.adding(seconds: limits.idleSeconds), end) : end, end)
    }

    /// Ends all sessions of an account, but that of `token`.
    func endSessions(of name: String, except token: SessionToken? = nil) throws {
        try execute("DELETE FROM identity_sessions WHERE account = ? AND hash <> ?", name, token?.hash ?? [])
    }

    fileprivate func deleteSession(_ token: SessionToken) throws {
        try execute("DELETE FROM identity_sessions WHERE hash = ?", token.hash)
    }

    func deleteOldSessions() throws {
        try execute("DELETE FROM identity_sessions WHERE expires_at < ?", currentTime())
    }

    fileprivate func recordSession(of name: String, _ methods: [SignInMethod], _ client: SessionClient) throws {
        try record(
            .sessionStarted, of: name, by: AuditActor(name, address: client.address), .success,
            ["methods": .array(methods.map { .string($0.rawValue) })])
    }
}

extension BrowserSession {
    fileprivate init(_ row: Row) throws {
        id = try row["id"]
        account = try row["account"]
        step = try row["step"]
        methods = (try row["methods"] as String).split(separator: " ").compactMap { SignInMethod(rawValue: String($0)) }
        creation = try row["created_at"]
        authentication = try row["authenticated_at"]
        lastUse = try row["last_used_at"]
        end = try row["end_at"]
        client = SessionClient(address: try row["address"], agent: try row["agent"])
    }
}
