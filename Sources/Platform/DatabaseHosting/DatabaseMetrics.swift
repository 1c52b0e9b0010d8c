public import SQLDatabase
public import Telemetry

/// The metrics of a database.
public enum DatabaseMetrics {
    /// - Parameter name: Who uses it: value of the label `database`.
    public static func families(of statistics: DatabaseStatistics, _ name: String) -> [MetricFamily] {
        let database = (name: "database", value: name)
        func counter(_ name: String, help: String, _ value: Int) -> MetricFamily {
            var family = MetricFamily(name, .counter, help: help)
            family.add(Double(value), labels: [database])
            return family
        }
        var connections = MetricFamily(
            "terrabyte_database_connections", .gauge, help: "Connections that are in use, or are kept.")
        var waiting = MetricFamily(
            "terrabyte_database_waiting", .gauge, help: "Transactions that wait for a connection.")
        for pool in statistics.pools {
            let labels = [database, ("pool", pool.name)]
            connections.add(Double(pool.busyCount), labels: labels + [("state", "busy")])
            connections.add(Double(pool.idleCount), labels: labels + [("state", "idle")])
            waiting.add(Double(pool.waitingCount), labels: labels)
        }
        return [
            connections, waiting,
            counter(
                "terrabyte_database_connections_opened_total", help: "Attempts to connect.", statistics.connectionCount),
            counter(
                "terrabyte_database_retries_total", help: "Attempts at transactions after the first.",
                statistics.retryCount),
            counter(
                "terrabyte_database_failures_total", help: "Transactions that the database has failed.",
                statistics.failureCount),
        ]
    }
}
