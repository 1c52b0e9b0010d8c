extension Timestamp {
    /// The accepted formats of a timestamp.
    public enum Leniency: Sendable {
        /// Only a `date-time` of RFC 3339, section 5.6: the offset is required.
        case strict
        /// Also a blank for the `T`, offsets `+02` and `+0200`, and no offset, which means UTC.
        case lenient
    }

    /// - Returns: `nil` unless `text` is a date and time of a kind that `leniency` allows, and exists.
    ///
    /// Source: [RFC 3339, section 5.6](https://www.rfc-editor.org/rfc/rfc3339#section-5.6).
    public init?(_ text: String, _ leniency: Leniency = .strict) {
        var text = text
        guard let value = text.withUTF8({ Timestamp(UnsafeRawBufferPointer($0), leniency) }) else { return nil }
        self = value
    }

    /// As `init(_:_:)`, for UTF-8 bytes.
    public init?(_ text: UnsafeRawBufferPointer, _ leniency: Leniency = .strict) {
        // In bounds: positions up to 18 are read only after this check, later ones after one of their own.
        guard text.count >= 19, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
            text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":"),
            text[10] | 0x20 == UInt8(ascii: "t") || (leniency == .lenient && text[10] == UInt8(ascii: " ")),
            let century = twoDigits(text, 0), let ofCentury = twoDigits(text, 2), let month = twoDigits(text, 5),
            let day = twoDigits(text, 8), let hour = twoDigits(text, 11), let minute = twoDigits(text, 14),
            let second = twoDigits(text, 17)
        else { return nil }
        var at = 19
        var microsecond = 0
        if at < text.count, text[at] == UInt8(ascii: ".") || (leniency == .lenient && text[at] == UInt8(ascii: ",")) {
            at += 1
            let first = at
            while at < text.count, text[at] &- 0x30 < 10 {
                if at - first < 6 { microsecond = microsecond * 10 + Int(text[at] &- 0x30) }
                at += 1
            }
            guard at > first else { return nil }
            for _ in 0..<max(0, 6 - (at - first)) { microsecond *= 10 }
        }
        guard let offset = offsetSeconds(text, at, leniency),
            let local = Timestamp(
                year: century * 100 + ofCentury, month: month, day: day, hour: hour, minute: minute, second: second,
                microsecond: microsecond)
        else { return nil }
        self.init(microseconds: local.microseconds - Int64(offset) * 1_000_000)
    }

    /// Midnight UTC of a `full-date` (`2024-05-01`); `nil` for anything else.
    public init?(date text: String) {
        var text = text
        let fields = text.withUTF8 { bytes -> (Int, Int, Int)? in
            let bytes = UnsafeRawBufferPointer(bytes)
            guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
                let century = twoDigits(bytes, 0), let ofCentury = twoDigits(bytes, 2),
                let month = twoDigits(bytes, 5), let day = twoDigits(bytes, 8)
            else { return nil }
            return (century * 100 + ofCentury, month, day)
        }
        guard let (year, month, day) = fields, let midnight = Timestamp(year: year, month: month, day: day) else {
            return nil
        }
        self = midnight
    }
}

@inline(__always)
private func twoDigits(_ text: UnsafeRawBufferPointer, _ at: Int) -> Int? {
    let tens = text[at] &- 0x30
    let ones = text[at + 1] &- 0x30
    return tens < 10 && ones < 10 ? Int(tens) * 10 + Int(ones) : nil
}

/// The offset from UTC that stands at the end of a text, in seconds.
private func offsetSeconds(_ text: UnsafeRawBufferPointer, _ at: Int, _ leniency: Timestamp.Leniency) -> Int? {
    let left = text.count - at
    if left == 0 { return leniency == .lenient ? 0 : nil }
    if left == 1 { return text[at] | 0x20 == UInt8(ascii: "z") ? 0 : nil }
    guard left >= 3, text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "-"),
        let hours = twoDigits(text, at + 1), hours < 24
    else { return nil }
    var minutes = 0
    switch left {
    case 6:
        guard text[at + 3] == UInt8(ascii: ":"), let written = twoDigits(text, at + 4) else { return nil }
        minutes = written
    case 5 where leniency == .lenient:
        guard let written = twoDigits(text, at + 3) else { return nil }
        minutes = written
    case 3 where leniency == .lenient: break
    default: return nil
    }
    guard minutes < 60 else { return nil }
    return (text[at] == UInt8(ascii: "-") ? -1 : 1) * (hours * 3_600 + minutes * 60)
}
