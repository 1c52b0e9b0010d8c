import Temporal

/// The format of a column's instants: in UTC with `Z`, and a fraction of so many digits.
enum TimeFormat: Hashable, Sendable {
    /// Always as many; 0 to 6.
    case digits(Int)
    /// Six, or none where they would be zeros.
    case sixOrNone

    func text(microseconds: Int64) -> String {
        let components = Timestamp(microseconds: microseconds).components
        func padded(_ number: Int, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        var text =
            "\(padded(components.year, 4))-\(padded(components.month, 2))-\(padded(components.day, 2))"
            + "T\(padded(components.hour, 2)):\(padded(components.minute, 2)):\(padded(components.second, 2))"
        let digits =
            switch self {
            case .digits(let digits): digits
            case .sixOrNone: components.microsecond == 0 ? 0 : 6
            }
        if digits > 0 { text += "." + padded(components.microsecond, 6).prefix(digits) }
        return text + "Z"
    }

    /// Whether `text`, an instant, would be written in the same way.
    func matches(_ text: UnsafeRawBufferPointer, microseconds: Int64) -> Bool {
        guard let digits = Self.digits(of: text) else { return false }
        return switch self {
        case .digits(let expected): digits == expected
        case .sixOrNone: digits == (microseconds % 1_000_000 == 0 ? 0 : 6)
        }
    }

    /// Digits of the fraction of an instant such as `2017-01-01T06:02:54.024Z`; `nil` for other ways to write it.
    static func digits(of text: UnsafeRawBufferPointer) -> Int? {
        // Twenty characters without a fraction.
        guard text.count >= 20, text.count <= 27, text[10] == UInt8(ascii: "T"), text.last == UInt8(ascii: "Z"),
            // A leap second is the next minute in a column.
            text[17] != UInt8(ascii: "6")
        else { return nil }
        if text.count == 20 { return 0 }
        return text[19] == UInt8(ascii: ".") && text.count > 21 ? text.count - 21 : nil
    }
}

/// Counts how instants are written, to find the format of most of them.
struct TimeFormatCounts: Hashable, Sendable {
    /// By the digits of the fraction.
    var digits = [Int](repeating: 0, count: 7)
    /// Six digits, all zero.
    var zeroFractions = 0
    /// Offsets other than `Z`, more digits, small letters.
    var others = 0
    /// No instants at all.
    var failures = 0

    mutating func add(_ text: UnsafeRawBufferPointer) {
        guard let timestamp = Timestamp(text) else {
            failures += 1
            return
        }
        guard let count = TimeFormat.digits(of: text) else {
            others += 1
            return
        }
        digits[count] += 1
        if count == 6, timestamp.microseconds % 1_000_000 == 0 { zeroFractions += 1 }
    }

    mutating func merge(_ other: Self) {
        for index in digits.indices { digits[index] += other.digits[index] }
        zeroFractions += other.zeroFractions
        others += other.others
        failures += other.failures
    }

    var format: TimeFormat {
        if digits[0] > 0, digits[6] > 0, zeroFractions == 0, digits[1...5].allSatisfy({ $0 == 0 }) {
            return .sixOrNone
        }
        let most = digits.max() ?? 0
        return .digits(most == 0 ? 0 : digits.lastIndex(of: most) ?? 0)
    }

    /// Whether all of them are written in the column's format.
    var isUniform: Bool {
        if others > 0 { return false }
        if case .digits(let count) = format { return digits.reduce(0, +) == digits[count] }
        return true
    }
}
