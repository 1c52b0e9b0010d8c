public import SQLDatabase

/// A standby that follows the database's server.
public struct StandbyState: Sendable, Hashable {
    /// As the standby calls itself: `application_name` of its connection.
    public let name: String
    /// Bytes of the log that it has not replayed.
    public let lagByteCount: Int
    /// Time from the last changes' writing to their replay; zero when there are none to replay.
    public let lag: Duration
}

/// What is asked for while the server is watched. Fails within some seconds where the database does not respond.
extension PostgreSQLItemStore {
    private static let watchingTimeout = Duration.seconds(1)

    /// Of the connections for reading, and of the one for writing.
    public var connectionStatistics: (reading: DatabaseStatistics, writing: DatabaseStatistics) {
        (database.statistics, writingDatabase.statistics)
    }

    /// The standbys that are connected, by name; of those with one name, the largest lags.
    ///
    /// - Returns: `nil` when the user may not see them: that takes the rights of `pg_read_all_stats`.
    public func standbys() throws -> [StandbyState]? {
        let rows = try reader.source.rows(
            """
            SELECT asked.is_allowed, standbys.name, standbys.bytes, standbys.milliseconds
            FROM (SELECT pg_has_role('pg_read_all_stats', 'USAGE') AS is_allowed) AS asked
                LEFT JOIN (
                    SELECT application_name AS name,
                        CAST(max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)) AS BIGINT) AS bytes,
                        CAST(max(extract(epoch FROM replay_lag)) * 1000 AS BIGINT) AS milliseconds
                    FROM pg_stat_replication
                    WHERE state IN ('streaming', 'catchup') AND NOT pg_is_in_recovery()
                    GROUP BY application_name) AS standbys ON true
            ORDER BY standbys.name
            """, timeout: Self.watchingTimeout)
        guard rows.first?.values.first == .boolean(true) else { return nil }
        return rows.filter { !$0.isNull(1) }.map { row in
            StandbyState(
                name: row.text(1), lagByteCount: max(0, Int(row.integer(2))), lag: .milliseconds(row.integer(3)))
        }
    }
}
