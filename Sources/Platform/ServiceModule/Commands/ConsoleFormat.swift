/// Numbers as commands print them.
public enum ConsoleFormat {
    /// `1,234,567`
    public static func grouped(_ number: Int) -> String {
        var digits = String(number)
        var position = digits.index(digits.endIndex, offsetBy: -3, limitedBy: digits.startIndex)
        while let index = position, index > digits.startIndex {
            digits.insert(",", at: index)
            position = digits.index(index, offsetBy: -3, limitedBy: digits.startIndex)
        }
        return digits
    }

    /// `1 Item` or `1,234 Items`
    public static func count(_ number: Int, _ unit: String) -> String {
        "\(grouped(number)) \(unit)\(number == 1 ? "" : "s")"
    }

    /// `0:07`, `12:30` or `1:02:03`
    public static func clock(_ seconds: Double) -> String {
        let all = Int(min(seconds.rounded(.up), 1e9))
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return all < 3_600
            ? "\(all / 60):\(two(all % 60))" : "\(all / 3_600):\(two(all / 60 % 60)):\(two(all % 60))"
    }

    /// `0.4 s` or, from a minute on, as `clock`.
    public static func duration(_ duration: Duration) -> String {
        let seconds = duration / .seconds(1)
        return seconds < 59.95 ? "\((seconds * 10).rounded() / 10) s" : clock(seconds)
    }

    /// `1.6 GB`, in powers of ten.
    public static func byteSize(_ byteCount: Int) -> String {
        var value = Double(byteCount)
        for unit in ["B", "kB", "MB", "GB"] {
            if value < 1_000 { return unit == "B" ? "\(byteCount) B" : "\(rounded(value)) \(unit)" }
            value /= 1_000
        }
        return "\(rounded(value)) TB"
    }

    private static func rounded(_ value: Double) -> String {
        value < 100 ? "\((value * 10).rounded() / 10)" : "\(Int(value.rounded()))"
    }
}
