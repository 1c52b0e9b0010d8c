/// A number of IEEE 754 binary16, as stored: `Float16` is not there on every platform.
package struct Float16Bits {
    private let bits: UInt16

    /// - Parameter low: The byte that stands first.
    package init(_ low: UInt8, _ high: UInt8) {
        bits = UInt16(high) << 8 | UInt16(low)
    }

    package var double: Double {
        let sign: Double = bits & 0x8000 == 0 ? 1 : -1
        let exponent = Int(bits >> 10 & 0x1f)
        let fraction = Double(bits & 0x03ff)
        switch exponent {
        case 0: return sign * fraction * 0x1p-24
        case 0x1f: return fraction == 0 ? sign * .infinity : .nan
        default: return Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024) * sign
        }
    }
}
