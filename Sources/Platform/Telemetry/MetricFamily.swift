/// The measurements under one name at one instant.
///
/// Source: [Prometheus text format 0.0.4](https://prometheus.io/docs/instrumenting/exposition_formats/).
public struct MetricFamily: Sendable {
    public enum Kind: String, Sendable {
        /// Only grows, from 0 at the start of the process.
        case counter
        case gauge
        case histogram
    }

    public struct Sample: Sendable {
        /// Behind the family's name, such as `_sum`.
        let suffix: String
        let labels: [(name: String, value: String)]
        let value: Double
    }

    let name: String
    let help: String
    let kind: Kind
    var samples: [Sample] = []

    /// - Parameters:
    ///   - name: Letters, digits and `_`, with the unit at its end: `_seconds`, `_bytes`, `_total` for counters.
    ///   - help: One sentence.
    public init(_ name: String, _ kind: Kind, help: String) {
        self.name = name
        self.kind = kind
        self.help = help
    }

    /// A family of one value without labels.
    public init(_ name: String, _ kind: Kind, help: String, value: Double) {
        self.init(name, kind, help: help)
        add(value)
    }

    public mutating func add(_ value: Double, labels: [(name: String, value: String)] = [], suffix: String = "") {
        samples.append(Sample(suffix: suffix, labels: labels, value: value))
    }

    /// The same family without its measurements.
    var withoutSamples: MetricFamily { MetricFamily(name, kind, help: help) }

    func write(to text: inout String) {
        text += "# HELP \(name) \(help.escaped(quotes: false))\n# TYPE \(name) \(kind.rawValue)\n"
        for sample in samples {
            text += name + sample.suffix
            if !sample.labels.isEmpty {
                let labels = sample.labels.map { "\($0.name)=\"\($0.value.escaped(quotes: true))\"" }
                text += "{" + labels.joined(separator: ",") + "}"
            }
            text += " \(number(sample.value))\n"
        }
    }
}

/// Bounds of histograms and values: whole numbers without a fraction.
func number(_ value: Double) -> String {
    if value == .infinity { return "+Inf" }
    return Int(exactly: value).map { "\($0)" } ?? "\(value)"
}

extension String {
    fileprivate func escaped(quotes: Bool) -> String {
        var result = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
