/// How often values fall below each of some bounds, apart by labels.
public final class MetricHistogram: Sendable {
    private struct Buckets {
        /// One more than there are bounds.
        var counts: [Int]
        var sum = 0.0
    }

    private let empty: MetricFamily
    private let bounds: [Double]
    private let series: LabelledSeries<Buckets>

    init(_ name: String, labels: [String], bounds: [Double], help: String) {
        empty = MetricFamily(name, .histogram, help: help)
        self.bounds = bounds
        series = LabelledSeries(labels, initial: nil)
    }

    public func observe(_ value: Double, _ labels: String...) {
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        series.update(labels, from: Buckets(counts: Array(repeating: 0, count: bounds.count + 1))) {
            $0.counts[bucket] += 1
            $0.sum += value
        }
    }

    var family: MetricFamily {
        var family = empty
        for (labels, buckets) in series.all {
            var count = 0
            for (bound, bucket) in zip(bounds + [.infinity], buckets.counts) {
                count += bucket
                family.add(Double(count), labels: labels + [("le", number(bound))], suffix: "_bucket")
            }
            family.add(buckets.sum, labels: labels, suffix: "_sum")
            family.add(Double(count), labels: labels, suffix: "_count")
        }
        return family
    }
}
