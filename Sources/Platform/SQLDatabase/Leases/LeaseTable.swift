/// The table of leases, for those who use them: `Database.migrate(LeaseTable.migrations)`.
public enum LeaseTable {
    public static let migrations = Migrations(
        "leases",
        [
            .init(
                "create leases",
                """
                CREATE TABLE leases (
                    name TEXT PRIMARY KEY,
                    holder TEXT NOT NULL,
                    token BIGINT NOT NULL,
                    expires_at TIMESTAMPTZ NOT NULL,
                    done_at TIMESTAMPTZ)
                """)
        ])
}
