import CoreMetrics
import Synchronization
import Telemetry

/// The metrics of every request.
final class EdgeMetrics: Sendable {
    private struct Key: Hashable {
        let method, route: String
        let status: Int
    }

    private struct Series {
        let requests: Counter
        let durations: Timer
        let bytes: Counter
    }

    private let registry: MetricRegistry
    /// Looking a series up by its names and values costs more than counting does.
    private let known = Mutex<[Key: Series]>([:])

    private static let requests = "terrabyte_http_requests_total"
    private static let durations = "terrabyte_http_request_duration_seconds"
    private static let bytes = "terrabyte_http_response_bytes_total"
    private static let cuts = "terrabyte_http_responses_cut_total"
    private static let methods: Set = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    private let cuts: [CutReason: Counter]

    init(_ registry: MetricRegistry) {
        self.registry = registry
        cuts = CutReason.allCases.reduce(into: [:]) { counters, reason in
            counters[reason] = Counter(label: Self.cuts, dimensions: [("reason", reason.label)], factory: registry)
        }
        registry.describe(Self.cuts, .counter, "Responses that did not reach their clients as a whole.")
        registry.describe(Self.requests, .counter, "Requests.")
        registry.describe(
            Self.durations, .histogram, "From the request's head to the response's first byte.",
            buckets: [
                0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
            ])
        registry.describe(Self.bytes, .counter, "Bytes of response bodies.")
    }

    /// - Parameter route: A template, of which there are few.
    func record(method: String, route: String, status: Int, byteCount: Int, _ duration: Duration) {
        let key = Key(method: Self.methods.contains(method) ? method : "other", route: route, status: status)
        let series = known.withLock { known in
            if let series = known[key] { return series }
            let series = makeSeries(key)
            known[key] = series
            return series
        }
        series.requests.increment()
        series.durations.recordNanoseconds(Int64(duration / .nanoseconds(1)))
        series.bytes.increment(by: byteCount)
    }

    func recordCut(_ reason: CutReason) { cuts[reason]?.increment() }

    private func makeSeries(_ key: Key) -> Series {
        let (method, route) = (("method", key.method), ("route", key.route))
        return Series(
            requests: Counter(
                label: Self.requests, dimensions: [method, route, ("status", "\(key.status)")], factory: registry),
            durations: Timer(label: Self.durations, dimensions: [method, route], factory: registry),
            bytes: Counter(label: Self.bytes, dimensions: [route], factory: registry))
    }
}
