import Telemetry

/// What is measured of every request.
struct EdgeMetrics: Sendable {
    private let requests: MetricCounter
    private let durations: MetricHistogram
    private let bytes: MetricCounter

    /// In seconds: from what is answered from memory to what takes a user's patience.
    private static let bounds = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ]

    init(_ registry: MetricRegistry) {
        requests = registry.counter(
            "terrabyte_http_requests_total", labels: ["method", "route", "status"], help: "Requests answered.")
        durations = registry.histogram(
            "terrabyte_http_request_duration_seconds", labels: ["method", "route"], bounds: Self.bounds,
            help: "From the whole request, or its head where the body came later, to the response's first byte.")
        bytes = registry.counter(
            "terrabyte_http_response_bytes_total", labels: ["route"], help: "Bytes of response bodies.")
    }

    func note(method: String, route: String, status: Int, byteCount: Int, _ duration: Duration) {
        let method = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].contains(method) ? method : "other"
        requests.add(1, method, route, "\(status)")
        durations.observe(duration / .seconds(1), method, route)
        bytes.add(Double(byteCount), route)
    }
}
