import Catalogue
import CataloguePostgreSQL
import DatabaseHosting
import Telemetry

/// The metrics of a catalogue in PostgreSQL: its connections, the nodes on it, and the server's standbys.
enum PostgreSQLMetrics {
    /// - Parameter responds: Whether the database does, as far as is known: otherwise it is asked for nothing.
    static func families(of store: PostgreSQLItemStore, responds: Bool) -> [MetricFamily] {
        let (reading, writing) = store.connectionStatistics
        let connections =
            DatabaseMetrics.families(of: reading, "catalogue")
            + DatabaseMetrics.families(of: writing, "catalogue-writing")
        guard responds else { return connections }
        let nodes = (try? store.nodes()).map(families(of:)) ?? []
        let standbys = ((try? store.standbys()) ?? nil).map(families(of:)) ?? []
        return connections + nodes + standbys
    }

    static func families(of nodes: [NodeState]) -> [MetricFamily] {
        let living = nodes.filter { !$0.isSilent }
        return [
            MetricFamily(
                "terrabyte_nodes", .gauge, help: "Nodes that report themselves.", value: Double(living.count)),
            MetricFamily(
                "terrabyte_nodes_ready", .gauge, help: "Nodes of these that are ready.",
                value: Double(living.filter(\.isReady).count)),
            MetricFamily(
                "terrabyte_nodes_lag_seconds", .gauge, help: "The longest lag of the index of one of these nodes.",
                value: (living.map(\.lag).max() ?? .zero) / .seconds(1)),
        ]
    }

    static func families(of standbys: [StandbyState]) -> [MetricFamily] {
        var bytes = MetricFamily(
            "terrabyte_postgresql_standby_lag_bytes", .gauge, help: "Log that a standby has not replayed.")
        var seconds = MetricFamily(
            "terrabyte_postgresql_standby_lag_seconds", .gauge, help: "Time until a standby has replayed a change.")
        for standby in standbys {
            bytes.add(Double(standby.lagByteCount), labels: [("standby", standby.name)])
            seconds.add(standby.lag / .seconds(1), labels: [("standby", standby.name)])
        }
        return [
            MetricFamily(
                "terrabyte_postgresql_standbys", .gauge, help: "Standbys that are connected to the server.",
                value: Double(standbys.count)), bytes, seconds,
        ]
    }
}
