import STACAPI
import Temporal

extension CalendarInterval {
    /// Microseconds, when all intervals have the same length.
    private var length: Int64? {
        switch self {
        case .week: 604_800_000_000
        case .day: 86_400_000_000
        case .hour: 3_600_000_000
        case .minute: 60_000_000
        case .second: 1_000_000
        case .year, .quarter, .month: nil
        }
    }

    /// Months per interval.
    private var monthCount: Int {
        switch self {
        case .year: 12
        case .quarter: 3
        default: 1
        }
    }

    /// 1970-01-05 was a Monday.
    private var origin: Int64 { self == .week ? 4 * 86_400_000_000 : 0 }

    /// The number of the interval that contains an instant.
    ///
    /// - Parameter instant: Microseconds since 1970; clamped to the years 0 to 9999.
    func number(of instant: Int64) -> Int {
        let instant = max(Self.firstInstant, min(Self.lastInstant, instant))
        if let length { return Int(floorDivided(instant - origin, by: length)) }
        let parts = Timestamp(microseconds: instant).components
        return (parts.year * 12 + parts.month - 1) / monthCount
    }

    private static let firstInstant: Int64 = -62_167_219_200_000_000
    private static let lastInstant: Int64 = 253_402_300_799_999_999

    /// The start of an interval, in microseconds since 1970.
    ///
    /// - Parameter number: The interval's number.
    func start(of number: Int) -> Int64 {
        if let length { return Int64(number) * length + origin }
        let months = number * monthCount
        return Timestamp(year: months / 12, month: months % 12 + 1, day: 1)?.microseconds ?? Self.firstInstant
    }
}

private func floorDivided(_ value: Int64, by divisor: Int64) -> Int64 {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
}
