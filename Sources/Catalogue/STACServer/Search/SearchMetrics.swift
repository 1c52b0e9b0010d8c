import Catalogue
import CoreMetrics
import STACAPI
import Synchronization
import Telemetry

/// The metrics of searches.
final class SearchMetrics: Sendable {
    private let registry: MetricRegistry
    private let api: (String, String)
    private let itemsDecoded, geometryTests, cancelled, tooManyDecoded: Counter
    /// By shape, of which there are few.
    private let durations = Mutex<[String: Timer]>([:])

    private static let duration = "terrabyte_search_duration_seconds"
    private static let decoded = "terrabyte_search_items_decoded_total"
    private static let tests = "terrabyte_search_exact_geometry_tests_total"
    private static let aborted = "terrabyte_search_aborted_total"

    /// - Parameter api: Distinguishes several APIs in one process.
    init(_ registry: MetricRegistry, api: String) {
        self.registry = registry
        self.api = ("api", api)
        registry.describe(
            Self.duration, .histogram, "Searches and aggregations in the catalogue, without writing the response.",
            buckets: [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30])
        registry.describe(Self.decoded, .counter, "Items that searches had to decode.")
        registry.describe(Self.tests, .counter, "Footprints that were compared with areas exactly.")
        registry.describe(Self.aborted, .counter, "Searches that were aborted.")
        itemsDecoded = Counter(label: Self.decoded, dimensions: [self.api], factory: registry)
        geometryTests = Counter(label: Self.tests, dimensions: [self.api], factory: registry)
        let api = self.api
        func aborted(_ reason: String) -> Counter {
            Counter(label: Self.aborted, dimensions: [api, ("reason", reason)], factory: registry)
        }
        (cancelled, tooManyDecoded) = (aborted("cancelled"), aborted("items_decoded"))
    }

    func record(_ shape: String, _ duration: Duration, _ counts: SearchBudget.Counts) {
        let timer = durations.withLock { durations in
            if let timer = durations[shape] { return timer }
            let timer = Timer(label: Self.duration, dimensions: [api, ("shape", shape)], factory: registry)
            durations[shape] = timer
            return timer
        }
        timer.recordNanoseconds(Int64(duration / .nanoseconds(1)))
        if counts.itemsDecoded > 0 { itemsDecoded.increment(by: counts.itemsDecoded) }
        if counts.exactGeometryTests > 0 { geometryTests.increment(by: counts.exactGeometryTests) }
    }

    func record(_ error: SearchAborted) {
        switch error {
        case .cancelled: cancelled.increment()
        case .tooManyItemsDecoded: tooManyDecoded.increment()
        }
    }
}
