import Synchronization

/// All that a process measures, for Prometheus.
public final class MetricRegistry: Sendable {
    /// Of the response that has `text()`.
    public static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    private let collectors = Mutex<[@Sendable () -> [MetricFamily]]>([])

    public init() {}

    /// Adds what is only worked out when it is asked for.
    ///
    /// - Parameter collect: May block; what cannot be had is left out.
    public func add(_ collect: @escaping @Sendable () -> [MetricFamily]) {
        collectors.withLock { $0.append(collect) }
    }

    /// - Parameter labels: Names; values come with what is counted.
    public func counter(_ name: String, labels: [String] = [], help: String) -> MetricCounter {
        let counter = MetricCounter(name, labels: labels, help: help)
        add { [counter.family] }
        return counter
    }

    /// - Parameter bounds: Upper bounds of the buckets, rising.
    public func histogram(
        _ name: String, labels: [String] = [], bounds: [Double], help: String
    ) -> MetricHistogram {
        let histogram = MetricHistogram(name, labels: labels, bounds: bounds, help: help)
        add { [histogram.family] }
        return histogram
    }

    public func text() -> String {
        var text = ""
        for collect in collectors.withLock({ $0 }) {
            for family in collect() { family.write(to: &text) }
        }
        return text
    }
}
