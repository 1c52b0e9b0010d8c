import Access
import Identity
import JOSE
import JSON
import SQLDatabase
import Temporal

/// Somebody who sends requests.
enum Person: String, CaseIterable, Sendable {
    case anonymous
    /// Of no container.
    case user = "ulla"
    case reader = "rosa"
    case writer = "willi"
    case manager = "mona"
    case administrator = "adam"
    case curator = "cara"
    /// A partner whose account has ended.
    case expired = "exto"
    /// Whose API token was revoked.
    case revoked = "rick"
    /// A program that may write the container's Collections.
    case service = "sven"
    case `operator`

    static let container = "pn56su-dss-0001"
    static let foreignContainer = "pn56su-dss-0002"
    /// An account that is there to be changed.
    static let spare = "spare"

    var isAccepted: Bool { self != .expired && self != .revoked }
    /// Whether they have an account that is active.
    var isSignedIn: Bool { isAccepted && self != .anonymous && self != .operator }

    var level: Container.Level? {
        switch self {
        case .reader: .ro
        case .writer, .service, .expired, .revoked: .rw
        case .manager: .manager
        default: nil
        }
    }

    /// Makes the account, and returns a token.
    func enter(_ store: IdentityStore, _ database: Database) async throws -> String? {
        switch self {
        case .anonymous:
            for id in [Self.container, Self.foreignContainer] {
                try await store.addContainer(id, title: "", by: .operator)
            }
            for name in ["zoe", Self.spare] { try await store.addAccount(AccountDraft(name), by: .operator) }
            try await store.setMember("zoe", of: Self.foreignContainer, .rw, by: .operator)
            return nil
        case .operator: return nil
        default: break
        }
        var draft = AccountDraft(rawValue, self == .service ? .service : self == .expired ? .partner : .internal)
        if self == .administrator { draft.roles = [.administrator] }
        if self == .curator { draft.roles = [.curator] }
        if self == .expired {
            (draft.sponsor, draft.project) = ("ulla", "Fields")
            draft.end = Timestamp(microseconds: 0)
        }
        try await store.addAccount(draft, by: .operator)
        if let level { try await store.setMember(rawValue, of: Self.container, level, by: .operator) }
        let usesToken = self == .service || self == .revoked
        let token =
            try await usesToken
            ? store.makeToken(for: rawValue, label: "", scopes: Scope.resources, end: nil, by: .operator)
            : accessToken(store, database, scopes: Scope.resources.union([.explainSearches, .readMetrics]))
        if self == .revoked {
            for made in try await store.tokens(of: rawValue) {
                try await store.revokeToken(made.id, of: rawValue, by: .operator)
            }
        }
        return token
    }

    /// As the provider makes them.
    private func accessToken(
        _ store: IdentityStore, _ database: Database, scopes: Set<Scope>
    ) async throws -> String {
        let now = try await store.now()
        let name = rawValue
        let grant: Int64 = try await database.write { transaction in
            try transaction.value(
                """
                INSERT INTO identity_grants
                    (account, client, scopes, amr, auth_at, created_at, end_at, last_used_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
                """, name, "terrabyte-portal", Scope.text(scopes), "pwd otp", now, now,
                Timestamp(microseconds: now.microseconds + 3_600_000_000), now)
        }
        let seconds = Int(now.microseconds / 1_000_000)
        let claims: JSONValue = [
            "iss": .string(World.origin + "/auth"), "sub": .string(name), "aud": .string(World.origin),
            "client_id": "terrabyte-portal", "azp": "terrabyte-portal", "iat": JSONValue(seconds),
            "exp": JSONValue(seconds + 3_600), "jti": .string("token of \(name)"), "sid": .string("\(grant)"),
            "scope": .string(Scope.text(scopes)),
        ]
        return try await store.signingKey(.edDSA).token(payload: claims.serialized(), type: "at+jwt")
    }
}
