import Catalogue
import Telemetry

/// The metrics of the catalogue, its store and its index.
enum CatalogueMetrics {
    /// Without those of the store when it does not respond.
    static func families(of catalogue: CatalogueEngine) -> [MetricFamily] {
        let lag = MetricFamily(
            "terrabyte_index_lag_seconds", .gauge, help: "Age of the newest state of the catalogue that searches see.",
            value: catalogue.searchLag() / .seconds(1))
        guard catalogue.storeResponds, let status = try? catalogue.status() else { return [lag] }
        var families = [
            lag,
            MetricFamily(
                "terrabyte_catalogue_collections", .gauge, help: "Collections.", value: Double(status.collections.count)
            ),
            MetricFamily(
                "terrabyte_catalogue_items", .gauge, help: "Items.",
                value: Double(status.collections.reduce(0) { $0 + $1.itemCount })),
            MetricFamily(
                "terrabyte_catalogue_size_bytes", .gauge, help: "Files of the catalogue.",
                value: Double(status.byteCount)),
            MetricFamily(
                "terrabyte_catalogue_changes_total", .counter, help: "Changes since the catalogue began.",
                value: Double(status.lastSequence)),
            MetricFamily(
                "terrabyte_index_lag_changes", .gauge, help: "Changes that searches do not see yet.",
                value: Double(status.lastSequence - status.indexedSequence)),
            MetricFamily(
                "terrabyte_catalogue_damaged_rows", .gauge,
                help: "Versions of Items and Collections found to be damaged since the start.",
                value: Double(status.damagedRowCount)),
            MetricFamily(
                "terrabyte_index_damaged_files", .gauge,
                help: "Files of the index found to be damaged since the start.", value: Double(status.damagedFileCount)),
            MetricFamily(
                "terrabyte_index_missing_items", .gauge,
                help: "Items that are stored but cannot be searched, since they are damaged.",
                value: Double(status.missingItemCount)),
        ]
        if let index = status.index {
            families += [
                MetricFamily(
                    "terrabyte_index_segments", .gauge, help: "Segments of the index.",
                    value: Double(index.segmentCount)),
                MetricFamily(
                    "terrabyte_index_dead_rows", .gauge, help: "Rows of Items that were replaced or removed.",
                    value: Double(index.deadRowCount)),
                MetricFamily(
                    "terrabyte_index_file_bytes", .gauge, help: "Segments in files.", value: Double(index.fileByteCount)
                ),
                MetricFamily(
                    "terrabyte_index_memory_bytes", .gauge, help: "Segments in memory only.",
                    value: Double(index.memoryByteCount)),
            ]
        }
        return families
    }
}
