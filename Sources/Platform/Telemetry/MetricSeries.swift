import CoreMetrics
import Synchronization

/// A name and a value that distinguish a series from others of its family.
struct Label: Hashable {
    let name, value: String
}

/// The measurements under one name with the same labels.
protocol MetricSeries: AnyObject, Sendable {
    /// Adds the measurements so far to a family.
    func write(to family: inout MetricFamily, labels: [(name: String, value: String)])
}

/// The series of one name.
struct SeriesFamily {
    let kind: MetricFamily.Kind
    private var series: [[Label]: any MetricSeries] = [:]

    init(kind: MetricFamily.Kind) {
        self.kind = kind
    }

    /// - Returns: The series with these labels, which is `new` if there was none; `nil` when it is of another type.
    mutating func series<New: MetricSeries>(_ labels: [Label], _ new: New) -> New? {
        if let known = series[labels] { return known as? New }
        let isRoom = series.count < MetricRegistry.maximumSeriesCount
        let labels = isRoom ? labels : labels.map { Label(name: $0.name, value: "other") }
        if let known = series[labels] { return known as? New }
        series[labels] = new
        return new
    }

    /// In the order of their labels.
    func measured(_ name: String, help: String) -> MetricFamily {
        var family = MetricFamily(name, kind, help: help)
        let ordered = series.sorted { $0.key.map(\.value).lexicographicallyPrecedes($1.key.map(\.value)) }
        for (labels, series) in ordered { series.write(to: &family, labels: labels.map { ($0.name, $0.value) }) }
        return family
    }
}

/// Only grows.
final class CounterSeries: MetricSeries, CounterHandler, FloatingPointCounterHandler {
    private let value = Mutex(0.0)

    func increment(by amount: Int64) { increment(by: Double(amount)) }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func reset() { value.withLock { $0 = 0 } }

    func write(to family: inout MetricFamily, labels: [(name: String, value: String)]) {
        family.add(value.withLock { $0 }, labels: labels)
    }
}

/// As it was last set.
final class GaugeSeries: MetricSeries, MeterHandler, RecorderHandler {
    private let value = Mutex(0.0)

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }

    func write(to family: inout MetricFamily, labels: [(name: String, value: String)]) {
        family.add(value.withLock { $0 }, labels: labels)
    }
}

/// How often values fall below each of some bounds; of timers in seconds.
final class HistogramSeries: MetricSeries, RecorderHandler, TimerHandler {
    private struct Buckets {
        /// One more than there are bounds.
        var counts: [Int]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let buckets: Mutex<Buckets>

    init(buckets bounds: [Double]) {
        self.bounds = bounds
        buckets = Mutex(Buckets(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        buckets.withLock {
            $0.counts[bucket] += 1
            $0.sum += value
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func write(to family: inout MetricFamily, labels: [(name: String, value: String)]) {
        let (counts, sum) = buckets.withLock { ($0.counts, $0.sum) }
        var count = 0
        for (bound, bucket) in zip(bounds + [.infinity], counts) {
            count += bucket
            family.add(Double(count), labels: labels + [("le", number(bound))], suffix: "_bucket")
        }
        family.add(sum, labels: labels, suffix: "_sum")
        family.add(Double(count), labels: labels, suffix: "_count")
    }
}
