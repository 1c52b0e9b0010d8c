import Temporal

/// Writes instants, dates and times of day as RFC 3339 has them.
enum TimeText {
    /// Instants that RFC 3339 can write: the years 0 to 9999, in seconds since 1970.
    private static let seconds: ClosedRange<Int64> = -62_167_219_200...253_402_300_799

    /// Appends an instant in quotes.
    ///
    /// - Parameter format: `nil`: no digits for whole seconds, else three, six or nine.
    /// - Returns: `false`, and nothing appended, for an instant beyond the years 0 to 9999.
    static func append(
        _ value: Int64, unitsPerSecond: Int64, _ format: TimeFormat?, to output: inout [UInt8]
    ) -> Bool {
        let (whole, part) = floorDivide(value, unitsPerSecond)
        guard seconds.contains(whole) else { return false }
        let components = Timestamp(microseconds: whole * 1_000_000).components
        output.append(UInt8(ascii: "\""))
        appendDate(components, to: &output)
        output.append(UInt8(ascii: "T"))
        appendClock(components.hour, components.minute, components.second, to: &output)
        let nanoseconds = part * (1_000_000_000 / unitsPerSecond)
        let digits =
            switch format {
            case .digits(let count)?: count
            case .sixOrNone?: nanoseconds == 0 ? 0 : 6
            case nil: fewestDigits(nanoseconds)
            }
        appendFraction(nanoseconds, digits: digits, to: &output)
        output.append(UInt8(ascii: "Z"))
        output.append(UInt8(ascii: "\""))
        return true
    }

    /// Appends a date in quotes.
    static func append(days: Int64, to output: inout [UInt8]) -> Bool {
        let (seconds, overflow) = days.multipliedReportingOverflow(by: 86_400)
        guard !overflow, self.seconds.contains(seconds) else { return false }
        output.append(UInt8(ascii: "\""))
        appendDate(Timestamp(microseconds: seconds * 1_000_000).components, to: &output)
        output.append(UInt8(ascii: "\""))
        return true
    }

    /// Appends a time of day in quotes.
    static func append(ofDay value: Int64, unitsPerSecond: Int64, to output: inout [UInt8]) -> Bool {
        let (whole, part) = floorDivide(value, unitsPerSecond)
        guard (0...86_400).contains(whole) else { return false }
        output.append(UInt8(ascii: "\""))
        appendClock(Int(whole / 3_600), Int(whole / 60 % 60), Int(whole % 60), to: &output)
        let nanoseconds = part * (1_000_000_000 / unitsPerSecond)
        appendFraction(nanoseconds, digits: fewestDigits(nanoseconds), to: &output)
        output.append(UInt8(ascii: "\""))
        return true
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func fewestDigits(_ nanoseconds: Int64) -> Int {
        if nanoseconds == 0 { return 0 }
        if nanoseconds % 1_000_000 == 0 { return 3 }
        return nanoseconds % 1_000 == 0 ? 6 : 9
    }

    private static func appendDate(_ components: Timestamp.Components, to output: inout [UInt8]) {
        appendTwo(components.year / 100, to: &output)
        appendTwo(components.year % 100, to: &output)
        output.append(UInt8(ascii: "-"))
        appendTwo(components.month, to: &output)
        output.append(UInt8(ascii: "-"))
        appendTwo(components.day, to: &output)
    }

    private static func appendClock(_ hour: Int, _ minute: Int, _ second: Int, to output: inout [UInt8]) {
        appendTwo(hour, to: &output)
        output.append(UInt8(ascii: ":"))
        appendTwo(minute, to: &output)
        output.append(UInt8(ascii: ":"))
        appendTwo(second, to: &output)
    }

    private static func appendFraction(_ nanoseconds: Int64, digits: Int, to output: inout [UInt8]) {
        guard digits > 0 else { return }
        output.append(UInt8(ascii: "."))
        var unit: Int64 = 100_000_000
        for _ in 0..<digits {
            output.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: nanoseconds / unit % 10))
            unit /= 10
        }
    }

    private static func appendTwo(_ number: Int, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / 10))
        output.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
    }
}
