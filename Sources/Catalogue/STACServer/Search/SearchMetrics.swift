import Catalogue
import STACAPI
import Telemetry

/// What is measured of searches.
struct SearchMetrics: Sendable {
    private let durations: MetricHistogram
    private let documents: MetricCounter
    private let outlines: MetricCounter
    private let refusals: MetricCounter

    init(_ registry: MetricRegistry) {
        durations = registry.histogram(
            "terrabyte_search_duration_seconds", labels: ["shape"],
            bounds: [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
            help: "Searches and aggregations in the catalogue, without writing the response.")
        documents = registry.counter(
            "terrabyte_search_items_decoded_total", help: "Items that searches had to look into.")
        outlines = registry.counter(
            "terrabyte_search_exact_geometry_tests_total", help: "Outlines that were compared with areas.")
        refusals = registry.counter(
            "terrabyte_search_aborted_total", labels: ["reason"], help: "Searches that were given up.")
    }

    func note(_ shape: String, _ duration: Duration, _ counts: SearchBudget.Counts) {
        durations.observe(duration / .seconds(1), shape)
        if counts.documents > 0 { documents.add(Double(counts.documents)) }
        if counts.exactGeometryTests > 0 { outlines.add(Double(counts.exactGeometryTests)) }
    }

    func note(_ refusal: SearchAborted) {
        switch refusal {
        case .cancelled: refusals.add(1, "cancelled")
        case .tooManyItemsDecoded: refusals.add(1, "documents")
        }
    }
}

/// The catalogue, its store and its index; nothing when they cannot be asked.
func catalogueMetrics(_ catalogue: any CatalogueService) -> [MetricFamily] {
    guard let status = try? catalogue.status() else { return [] }
    var families = [
        MetricFamily(
            "terrabyte_catalogue_collections", .gauge, help: "Collections.", value: Double(status.collections.count)),
        MetricFamily(
            "terrabyte_catalogue_items", .gauge, help: "Items.",
            value: Double(status.collections.reduce(0) { $0 + $1.itemCount })),
        MetricFamily(
            "terrabyte_catalogue_size_bytes", .gauge, help: "Files of the catalogue.", value: Double(status.byteCount)),
        MetricFamily(
            "terrabyte_catalogue_changes_total", .counter, help: "Changes since the catalogue began.",
            value: Double(status.lastSequence)),
        MetricFamily(
            "terrabyte_index_lag_changes", .gauge, help: "Changes that searches do not see yet.",
            value: Double(status.lastSequence - status.indexedSequence)),
    ]
    if let index = status.index {
        families += [
            MetricFamily(
                "terrabyte_index_segments", .gauge, help: "Segments of the index.", value: Double(index.segmentCount)),
            MetricFamily(
                "terrabyte_index_dead_rows", .gauge, help: "Rows of Items that were replaced or removed.",
                value: Double(index.deadRowCount)),
            MetricFamily(
                "terrabyte_index_file_bytes", .gauge, help: "Segments in files.", value: Double(index.fileByteCount)),
            MetricFamily(
                "terrabyte_index_memory_bytes", .gauge, help: "Segments in memory only.",
                value: Double(index.memoryByteCount)),
        ]
    }
    return families
}
