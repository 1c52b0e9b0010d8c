import Access
import JSON
import SQLDatabase

extension IdentityStore {
    /// - Returns: `nil`: there is none.
    public func client(_ id: String) async throws -> OAuthClient? {
        if let builtIn = OAuthClient.builtIn(id) { return builtIn }
        guard OAuthClient.isID(id) else { return nil }
        return try await database.read { try $0.client(id) }
    }

    /// Those that are built in, then the registered ones by id.
    public func clients() async throws -> [OAuthClient] {
        OAuthClient.builtIn
            + (try await database.read {
                try $0.rows("SELECT * FROM identity_clients ORDER BY id COLLATE \"C\"").map(OAuthClient.init)
            })
    }

    /// Registers a client.
    ///
    /// - Returns: The secret of a confidential one, which is shown once.
    /// - Throws: `IdentityError`: `nameTaken`, `invalidName`, `invalidValue`; `noSuchAccount` for its service account.
    @discardableResult
    public func addClient(_ client: OAuthClient, by actor: AuditActor) async throws -> String? {
        try client.check()
        let secret = client.kind == .confidential ? OAuthClient.newSecret() : nil
        try await database.write { transaction in
            if let name = client.serviceAccount {
                guard try transaction.existingAccount(name).kind == .service else {
                    throw IdentityError(.invalidValue, "'\(name)' is no service account, which programs act for.")
                }
            }
            guard try transaction.client(client.id) == nil else {
                throw IdentityError(.nameTaken, "There is a client '\(client.id)' already.")
            }
            try transaction.execute(
                """
                INSERT INTO identity_clients (id, title, kind, secret_hash, redirect_uris, grant_types, scopes,
                    refresh_policy, is_first_party, account, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, client.id, client.title, client.kind, secret.map(Secret.hash),
                client.redirectURIs.map(\.text).joined(separator: " "),
                client.grantTypes.map(\.rawValue).sorted().joined(separator: " "), Scope.text(client.scopes),
                client.refreshPolicy, client.isFirstParty, client.serviceAccount, transaction.currentTime())
            try transaction.record(
                .clientAdded, of: client.id, by: actor, .success,
                [
                    "kind": .string(client.kind.rawValue), "scopes": .string(Scope.text(client.scopes)),
                    "serviceAccount": client.serviceAccount.map { .string($0) } ?? .null,
                ])
        }
        return secret
    }

    /// Deletes a registered client with all its grants.
    ///
    /// - Throws: `IdentityError.noSuchClient`, also for one that is built in.
    public func deleteClient(_ id: String, by actor: AuditActor) async throws {
        try await database.write { transaction in
            guard try transaction.execute("DELETE FROM identity_clients WHERE id = ?", id) == 1 else {
                throw IdentityError.noSuchClient(id)
            }
            try transaction.revokeGrants("client = ?", [.text(id)], by: actor)
            try transaction.record(.clientDeleted, of: id, by: actor)
        }
    }

    /// - Returns: A new secret of a confidential client instead of the one before. It is shown once.
    /// - Throws: `IdentityError.noSuchClient`, also for one that is built in or public.
    public func resetClientSecret(of id: String, by actor: AuditActor) async throws -> String {
        let secret = OAuthClient.newSecret()
        try await database.write { transaction in
            guard
                try transaction.execute(
                    "UPDATE identity_clients SET secret_hash = ? WHERE id = ? AND kind = ?", Secret.hash(secret), id,
                    OAuthClient.Kind.confidential) == 1
            else { throw IdentityError(.noSuchClient, "There is no client '\(id)' with a secret.", subject: id) }
            try transaction.record(.clientSecretReset, of: id, by: actor)
        }
        return secret
    }
}

extension OAuthClient {
    /// By which secrets are recognised, also by programs that look for them in source code.
    static let secretPrefix = "terrabyte_client_"

    static func newSecret() -> String { secretPrefix + Base32.text(Secret.randomBytes(32)).lowercased() }

    static func builtIn(_ id: String) -> OAuthClient? { builtIn.first { $0.id == id } }

    /// Letters, digits and `.-_`, at most 100, so that it may stand anywhere.
    static func isID(_ id: String) -> Bool {
        (1...100).contains(id.utf8.count)
            && id.utf8.allSatisfy { ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 || ".-_".utf8.contains($0) }
    }

    /// - Throws: `IdentityError` for what does not fit together.
    fileprivate func check() throws(IdentityError) {
        guard Self.isID(id) else {
            throw IdentityError(
                .invalidName, "'\(id.prefix(100))' is no client id: letters, digits and '.-_', 1 to 100.")
        }
        guard Self.builtIn(id) == nil else { throw IdentityError(.nameTaken, "The client '\(id)' is built in.") }
        guard (1...200).contains(title.utf8.count),
            !title.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { throw IdentityError(.invalidValue, "A client's title has 1 to 200 bytes, and no control characters.") }
        guard !grantTypes.isEmpty else { throw IdentityError(.invalidValue, "A client needs a grant type.") }
        guard redirectURIs.count <= 50 else {
            throw IdentityError(.invalidValue, "A client has at most 50 redirect URIs.")
        }
        if grantTypes.contains(.authorizationCode) == redirectURIs.isEmpty {
            throw IdentityError(.invalidValue, "Clients with authorization_code have redirect URIs, and only they.")
        }
        if grantTypes.contains(.clientCredentials) {
            guard kind == .confidential, serviceAccount != nil else {
                throw IdentityError(
                    .invalidValue, "A client with client_credentials is confidential and has a service account.")
            }
        } else if serviceAccount != nil {
            throw IdentityError(.invalidValue, "A service account is for clients with client_credentials.")
        }
        if let unknown = scopes.subtracting(Scope.identity).subtracting(Scope.resources).map(\.rawValue).min() {
            throw IdentityError(.invalidValue, "There is no scope '\(unknown.prefix(100))'.")
        }
    }

    fileprivate init(_ row: Row) throws {
        let uris: [RedirectURI] = try (row["redirect_uris"] as String).split(separator: " ").map {
            try RedirectURI(String($0))
        }
        let grantTypes = (try row["grant_types"] as String).split(separator: " ")
        self.init(
            try row["id"], title: try row["title"], try row["kind"], redirectURIs: uris,
            // One that a later version has added is none of this version's.
            grantTypes: Set(grantTypes.compactMap { GrantType(rawValue: String($0)) }),
            scopes: Scope.set(try row["scopes"]), refreshPolicy: try row["refresh_policy"],
            isFirstParty: try row["is_first_party"], serviceAccount: try row["account"],
            secretHash: try row["secret_hash"])
    }
}

extension ReadTransaction {
    func client(_ id: String) throws -> OAuthClient? {
        if let builtIn = OAuthClient.builtIn(id) { return builtIn }
        return try row("SELECT * FROM identity_clients WHERE id = ?", id).map(OAuthClient.init)
    }
}
