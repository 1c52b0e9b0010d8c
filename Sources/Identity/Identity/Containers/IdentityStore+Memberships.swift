import SQLDatabase

/// A container that an account is a member of.
public struct Membership: Sendable, Hashable {
    /// Id of the container.
    public let container: String
    public let title: String
    public let level: Container.Level
}

extension IdentityStore {
    /// Those of an account, by the container's id.
    public func memberships(of name: String) async throws -> [Membership] {
        try await database.read { transaction in
            try transaction.rows(
                """
                SELECT c.id, c.title, m.level FROM identity_members m JOIN identity_containers c ON c.id = m.container
                WHERE m.account = ? ORDER BY c.id COLLATE "C"
                """, name
            ).map { Membership(container: try $0["id"], title: try $0["title"], level: try $0["level"]) }
        }
    }
}
