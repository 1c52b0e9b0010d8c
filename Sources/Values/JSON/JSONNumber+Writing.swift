/// Appends the digits of an integer.
public func writeJSONNumber(_ value: Int64, to output: inout [UInt8]) {
    if value < 0 { output.append(UInt8(ascii: "-")) }
    var magnitude = value.magnitude
    if magnitude < 10 { return output.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude)) }
    withUnsafeTemporaryAllocation(byteCount: 20, alignment: 8) { digits in
        // In bounds: 2^64 has twenty digits.
        var at = 20
        while magnitude > 0 {
            let (quotient, digit) = magnitude.quotientAndRemainder(dividingBy: 10)
            at -= 1
            digits[at] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
            magnitude = quotient
        }
        output.append(contentsOf: UnsafeRawBufferPointer(rebasing: digits[at...]))
    }
}

/// Appends the shortest text that reads back as `value`, which must be finite; integers without a fraction, but `-0.0`.
public func writeJSONNumber(_ value: Double, to output: inout [UInt8]) {
    if let integer = Int64(exactly: value), integer.magnitude < 1_000_000_000_000_000,
        integer != 0 || value.sign == .plus
    {
        return writeJSONNumber(integer, to: &output)
    }
    var text = value.description
    text.withUTF8 { output.append(contentsOf: $0) }
}
