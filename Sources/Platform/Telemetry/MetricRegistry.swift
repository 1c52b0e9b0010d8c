public import CoreMetrics
import Synchronization

/// All metrics of a process, for Prometheus: the backend of swift-metrics, into which libraries report as well.
///
/// Metrics of one name and the same dimensions are one series, however often they are made. Names follow
/// [Prometheus' conventions](https://prometheus.io/docs/practices/naming/): characters that it does not know become `_`.
public final class MetricRegistry: MetricsFactory, Sendable {
    /// Of the response that has `text()`.
    public static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    /// Upper bounds of the buckets of a histogram without a description, in seconds or its own unit.
    public static let defaultBuckets = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ]

    /// Series of one name at most, so that unusual requests cannot exhaust the memory.
    static let maximumSeriesCount = 2_000

    private struct Description {
        var help: String
        var buckets: [Double]
    }

    private struct State {
        var descriptions: [String: Description] = [:]
        var families: [String: SeriesFamily] = [:]
        var collectors: [@Sendable () -> [MetricFamily]] = []
    }

    private let state = Mutex(State())

    public init() {}

    /// Sets the help text of a metric, which is listed from now on, also before it is first measured.
    ///
    /// - Parameters:
    ///   - help: One sentence.
    ///   - buckets: Upper bounds of a histogram's buckets, ascending.
    public func describe(
        _ name: String, _ kind: MetricFamily.Kind, _ help: String, buckets: [Double] = defaultBuckets
    ) {
        let name = Self.sanitized(name)
        state.withLock { state in
            state.descriptions[name] = Description(help: help, buckets: buckets)
            if state.families[name] == nil { state.families[name] = SeriesFamily(kind: kind) }
        }
    }

    /// Adds a collector of metrics that are computed when they are scraped.
    ///
    /// - Parameter collect: May block; unavailable metrics are omitted. Families of one name are written as one.
    public func add(_ collect: @escaping @Sendable () -> [MetricFamily]) {
        state.withLock { $0.collectors.append(collect) }
    }

    public func text() -> String {
        let (own, collectors) = state.withLock { state in
            let own = state.families.map { name, family in
                family.measured(name, help: state.descriptions[name]?.help ?? "")
            }
            return (own, state.collectors)
        }
        var text = ""
        var families: [String: MetricFamily] = [:]
        for family in own + collectors.flatMap({ $0() }) {
            families[family.name, default: family.withoutSamples].samples += family.samples
        }
        for family in families.values.sorted(by: { $0.name < $1.name }) { family.write(to: &text) }
        return text
    }

    // MARK: swift-metrics

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, .counter, dimensions, CounterSeries())
    }

    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(label, .counter, dimensions, CounterSeries())
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, .gauge, dimensions, GaugeSeries())
    }

    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard aggregate else { return series(label, .gauge, dimensions, GaugeSeries()) }
        return series(label, .histogram, dimensions, HistogramSeries(buckets: buckets(of: label)))
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, .histogram, dimensions, HistogramSeries(buckets: buckets(of: label)))
    }

    // Series are never removed: Prometheus takes a series that vanishes for one that was restarted.
    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}

    private func buckets(of label: String) -> [Double] {
        state.withLock { $0.descriptions[Self.sanitized(label)]?.buckets ?? Self.defaultBuckets }
    }

    /// The series with these dimensions; `new` if there is none. One of another kind that has the same name counts
    /// nothing that is seen.
    private func series<New: MetricSeries>(
        _ label: String, _ kind: MetricFamily.Kind, _ dimensions: [(String, String)], _ new: New
    ) -> New {
        let labels = dimensions.map { Label(name: Self.sanitized($0.0), value: $0.1) }.sorted { $0.name < $1.name }
        return state.withLock { state in
            let name = Self.sanitized(label)
            guard state.families[name]?.kind ?? kind == kind else { return new }
            return state.families[name, default: SeriesFamily(kind: kind)].series(labels, new) ?? new
        }
    }

    private static func sanitized(_ name: String) -> String {
        func isKnown(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: ":"):
                true
            default: false
            }
        }
        if name.utf8.allSatisfy(isKnown) { return name }
        return String(decoding: name.utf8.map { isKnown($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
    }
}
