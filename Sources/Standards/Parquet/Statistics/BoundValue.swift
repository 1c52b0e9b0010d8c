/// A bound of a column's values, in the order of their logical type.
public enum BoundValue: Hashable, Sendable {
    case boolean(Bool)
    /// Also dates, times, timestamps, and decimals that are stored as integers, without their scale.
    case integer(Int64)
    case unsignedInteger(UInt64)
    case double(Double)
    /// Of a decimal that is stored as bytes: the integer in two's complement, highest byte first, without its scale.
    case decimal([UInt8])
    /// Also UTF-8, whose order is that of its bytes.
    case bytes([UInt8])

    /// Whether this value comes before `other`; `nil` for values of different kinds, and for NaN.
    public func isLess(than other: BoundValue) -> Bool? {
        switch (self, other) {
        case (.boolean(let left), .boolean(let right)): return !left && right
        case (.integer(let left), .integer(let right)): return left < right
        case (.unsignedInteger(let left), .unsignedInteger(let right)): return left < right
        case (.double(let left), .double(let right)): return left.isNaN || right.isNaN ? nil : left < right
        case (.bytes(let left), .bytes(let right)): return left.lexicographicallyPrecedes(right)
        case (.decimal(let left), .decimal(let right)): return Self.isDecimal(left, lessThan: right)
        default: return nil
        }
    }

    private static func isDecimal(_ left: [UInt8], lessThan right: [UInt8]) -> Bool {
        let isLeftNegative = left.first.map { $0 >= 0x80 } ?? false
        let isRightNegative = right.first.map { $0 >= 0x80 } ?? false
        if isLeftNegative != isRightNegative { return isLeftNegative }
        // Of one sign and, once filled up, one length: two's complement has the order of the bytes.
        let count = max(left.count, right.count)
        let fill: UInt8 = isLeftNegative ? 0xff : 0
        return (Array(repeating: fill, count: count - left.count) + left)
            .lexicographicallyPrecedes(Array(repeating: fill, count: count - right.count) + right)
    }
}
