import SQLDatabase
import Telemetry

/// The metrics of the database.
enum DatabaseMetrics {
    static func families(of statistics: DatabaseStatistics) -> [MetricFamily] {
        var connections = MetricFamily(
            "terrabyte_database_connections", .gauge, help: "Connections that are in use, or are kept.")
        var waiting = MetricFamily(
            "terrabyte_database_waiting", .gauge, help: "Transactions that wait for a connection.")
        for pool in statistics.pools {
            connections.add(Double(pool.busyCount), labels: [("pool", pool.name), ("state", "busy")])
            connections.add(Double(pool.idleCount), labels: [("pool", pool.name), ("state", "idle")])
            waiting.add(Double(pool.waitingCount), labels: [("pool", pool.name)])
        }
        return [
            connections, waiting,
            MetricFamily(
                "terrabyte_database_connections_opened_total", .counter, help: "Attempts to connect.",
                value: Double(statistics.connectionCount)),
            MetricFamily(
                "terrabyte_database_retries_total", .counter, help: "Attempts at transactions after the first.",
                value: Double(statistics.retryCount)),
            MetricFamily(
                "terrabyte_database_failures_total", .counter, help: "Transactions that the database has failed.",
                value: Double(statistics.failureCount)),
        ]
    }
}
