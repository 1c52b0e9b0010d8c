/// An integer times ten to the power of `-scale`.
public struct ParquetDecimal: Hashable, Sendable {
    /// The integer in two's complement, highest byte first, in as many bytes as it is stored in.
    public let unscaled: [UInt8]
    public let scale: Int

    public init(unscaled: [UInt8], scale: Int) {
        self.unscaled = unscaled
        self.scale = scale
    }

    public init(unscaled: Int64, scale: Int) {
        self.init(unscaled: withUnsafeBytes(of: unscaled.bigEndian) { Array($0) }, scale: scale)
    }
}

extension ParquetDecimal: CustomStringConvertible {
    /// The exact number, such as `-12.50`.
    public var description: String {
        let isNegative = unscaled.first.map { $0 >= 0x80 } ?? false
        var magnitude = unscaled
        if isNegative {
            var carry = true
            for index in magnitude.indices.reversed() {
                magnitude[index] = ~magnitude[index]
                if carry { (magnitude[index], carry) = magnitude[index].addingReportingOverflow(1) }
            }
        }
        var digits = Self.digits(magnitude)
        if scale > 0, scale < 1 << 16 {
            if digits.count <= scale {
                digits.insert(contentsOf: repeatElement("0", count: scale + 1 - digits.count), at: 0)
            }
            digits.insert(".", at: digits.count - scale)
        }
        return (isNegative ? "-" : "") + String(digits)
    }

    /// Decimal digits of a number of any size, highest byte first.
    private static func digits(_ magnitude: [UInt8]) -> [Character] {
        var rest = Array(magnitude.drop { $0 == 0 })
        var digits: [Character] = []
        while !rest.isEmpty {
            var remainder = 0
            for index in rest.indices {
                let value = remainder << 8 | Int(rest[index])
                rest[index] = UInt8(value / 10)
                remainder = value % 10
            }
            digits.append(Character(String(remainder)))
            rest = Array(rest.drop { $0 == 0 })
        }
        return digits.isEmpty ? ["0"] : digits.reversed()
    }
}
