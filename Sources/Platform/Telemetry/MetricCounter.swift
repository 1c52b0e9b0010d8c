/// Counts events, apart by labels.
public final class MetricCounter: Sendable {
    private let empty: MetricFamily
    private let series: LabelledSeries<Double>

    init(_ name: String, labels: [String], help: String) {
        empty = MetricFamily(name, .counter, help: help)
        series = LabelledSeries(labels, initial: labels.isEmpty ? 0 : nil)
    }

    public func add(_ amount: Double = 1, _ labels: String...) {
        series.update(labels, from: 0) { $0 += amount }
    }

    var family: MetricFamily {
        var family = empty
        for (labels, value) in series.all { family.add(value, labels: labels) }
        return family
    }
}
