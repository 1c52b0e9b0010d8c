public import Catalogue
import SQLDatabase

/// The table `catalogue_nodes`. All times are those of the database's clock.
extension PostgreSQLItemStore {
    /// Including the wait for a connection.
    private static let nodeTimeout = Duration.seconds(5)
    private static let forgotten = "now() - interval '\(NodeState.forgetfulness.components.seconds) seconds'"

    public func report(_ node: NodeState) throws {
        guard mode != .read else { return }
        let values: [DatabaseValue] = [
            .text(node.id), .text(node.name), .text(node.home), .text(node.services.joined(separator: ",")),
            .text(node.version), .integer(node.appliedSequence), .integer(Int64(node.lag / .milliseconds(1))),
            .boolean(node.isReady),
        ]
        try writeNodes { transaction in
            try transaction.execute(
                """
                INSERT INTO catalogue_nodes
                    (id, name, home, services, version, started_at, seen_at, applied, lag_milliseconds, is_ready)
                VALUES (?, ?, ?, ?, ?, now(), now(), ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, applied = excluded.applied,
                    lag_milliseconds = excluded.lag_milliseconds, is_ready = excluded.is_ready
                """, values: values)
            // An earlier server in the same directory has ended, without having said so.
            try transaction.execute(
                """
                DELETE FROM catalogue_nodes WHERE seen_at < \(Self.forgotten)
                    OR home = ? AND started_at < (SELECT started_at FROM catalogue_nodes WHERE id = ?)
                """, node.home, node.id)
        }
    }

    public func withdraw(node id: String) throws {
        guard mode != .read else { return }
        try writeNodes { try $0.execute("DELETE FROM catalogue_nodes WHERE id = ?", id) }
    }

    public func nodes() throws -> [NodeState] {
        try reader.source.rows(
            """
            SELECT id, name, home, services, version, applied, lag_milliseconds, is_ready,
                CAST(extract(epoch FROM now() - seen_at) * 1000 AS BIGINT) AS silence
            FROM catalogue_nodes WHERE seen_at >= \(Self.forgotten) ORDER BY name, started_at
            """, timeout: Self.nodeTimeout
        ).map(NodeState.init)
    }

    /// Other writers, which may take long, have a connection of their own. And what is lost in a crash is reported again.
    private func writeNodes(_ body: (WriteTransaction) throws -> Void) throws {
        try catalogueErrors {
            try database.write(.readCommitted, timeout: Self.nodeTimeout) { transaction in
                try transaction.rows("SELECT set_config('synchronous_commit', 'off', true)")
                try body(transaction)
            }
        }
    }
}

extension NodeState {
    fileprivate init(_ row: Row) {
        self.init(
            id: row.text(0), name: row.text(1), home: row.text(2),
            services: row.text(3).split(separator: ",").map(String.init), version: row.text(4),
            appliedSequence: row.integer(5), lag: .milliseconds(row.integer(6)),
            isReady: row.values[7] == .boolean(true),
            silence: .milliseconds(max(0, row.integer(8))))
    }
}
