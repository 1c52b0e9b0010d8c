import Parquet

/// The minimum and maximum of a column's rows, in the form of bounds.
struct ColumnExtremes {
    private(set) var minimum: BoundValue?
    private(set) var maximum: BoundValue?

    init(_ values: ColumnValues.Storage, like bound: BoundValue?) {
        switch values {
        case .booleans(let values):
            if values.contains(false) { minimum = .boolean(false) }
            if values.contains(true) { maximum = .boolean(true) }
            (minimum, maximum) = (minimum ?? maximum, maximum ?? minimum)
        case .int32(let values):
            if case .unsignedInteger = bound {
                take(values.map { UInt64(UInt32(bitPattern: $0)) }) { .unsignedInteger($0) }
            } else {
                take(values.map { Int64($0) }) { .integer($0) }
            }
        case .int64(let values):
            if case .unsignedInteger = bound {
                take(values.map { UInt64(bitPattern: $0) }) { .unsignedInteger($0) }
            } else {
                take(values) { .integer($0) }
            }
        case .float(let values): take(values.filter { !$0.isNaN }.map { Double($0) }) { .double($0) }
        case .double(let values): take(values.filter { !$0.isNaN }) { .double($0) }
        case .byteArrays(let values): take((0..<values.count).lazy.map { values[$0] })
        case .dictionaryByteArrays(let indices, let dictionary):
            take(Set(indices).lazy.map { dictionary[Int($0)] })
        case .fixedLengthByteArrays(let values): take((0..<values.count).lazy.map { values[$0] })
        }
    }

    private mutating func take<Value: Comparable>(_ values: [Value], _ bound: (Value) -> BoundValue) {
        minimum = values.min().map(bound)
        maximum = values.max().map(bound)
    }

    private mutating func take(_ values: some Sequence<ArraySlice<UInt8>>) {
        minimum = values.min { $0.lexicographicallyPrecedes($1) }.map { .bytes(Array($0)) }
        maximum = values.max { $0.lexicographicallyPrecedes($1) }.map { .bytes(Array($0)) }
    }

    /// The fault of declared bounds for these values; `nil` if there is none.
    func fault(of bounds: ValueBounds) -> String? {
        if bounds.isAllNull, minimum != nil { return "has values, though all are said to be null" }
        if let minimum, let low = bounds.minimum, minimum.isLess(than: low) == true {
            return "has a value below the least that is stated"
        }
        if let maximum, let high = bounds.maximum, high.isLess(than: maximum) == true {
            return "has a value above the greatest that is stated"
        }
        return nil
    }
}
