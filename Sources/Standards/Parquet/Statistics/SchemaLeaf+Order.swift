/// In which order the values of a column are, for its bounds.
///
/// Source: `ColumnOrder` of [parquet.thrift](https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift).
extension SchemaLeaf {
    var isFloatingPoint: Bool {
        physicalType == .float || physicalType == .double || logicalType == .float16
    }

    /// Whether the order of the values is known.
    private var isOrdered: Bool {
        switch logicalType {
        case .geometry, .geography, .variant, .unrecognized, .unknown: false
        default: physicalType != .int96 && convertedType != ConvertedType.interval.rawValue
        }
    }

    private var isDecimal: Bool {
        if case .decimal = logicalType { true } else { false }
    }

    /// Old bounds are by signed comparison, which is undefined for bytes. Where both are equal it does not matter.
    func takesLegacyBounds(_ statistics: ColumnStatistics) -> Bool {
        if case .integer(_, isSigned: false) = logicalType { return false }
        switch physicalType {
        case .boolean, .int32, .int64, .float, .double: return true
        case .int96: return false
        case .byteArray, .fixedLengthByteArray: return statistics.legacyMinimum == statistics.legacyMaximum
        }
    }

    /// A stored bound; `nil` when the order of the values is not known, or the bytes are no value.
    func boundValue(_ bytes: [UInt8], _ order: ColumnOrder) -> BoundValue? {
        guard isOrdered, order != .unknown else { return nil }
        switch physicalType {
        case .boolean: return bytes.count == 1 && bytes[0] <= 1 ? .boolean(bytes[0] == 1) : nil
        case .int32:
            guard let value = bytes.integer(Int32.self) else { return nil }
            if case .integer(_, isSigned: false) = logicalType {
                return .unsignedInteger(UInt64(UInt32(bitPattern: value)))
            }
            return .integer(Int64(value))
        case .int64:
            guard let value = bytes.integer(Int64.self) else { return nil }
            if case .integer(_, isSigned: false) = logicalType { return .unsignedInteger(UInt64(bitPattern: value)) }
            return .integer(value)
        case .float: return bytes.integer(UInt32.self).map { .double(Double(Float(bitPattern: $0))) }
        case .double: return bytes.integer(UInt64.self).map { .double(Double(bitPattern: $0)) }
        case .int96: return nil
        case .byteArray, .fixedLengthByteArray:
            if isDecimal { return bytes.isEmpty ? nil : .decimal(bytes) }
            if logicalType == .float16 {
                return bytes.count == 2 ? .double(Float16Bits(bytes[0], bytes[1]).double) : nil
            }
            return .bytes(bytes)
        }
    }
}

extension [UInt8] {
    /// The integer that these bytes are, lowest first; `nil` when they are not as many as it takes.
    fileprivate func integer<Value: FixedWidthInteger>(_: Value.Type) -> Value? {
        guard count == MemoryLayout<Value>.size else { return nil }
        return Value(littleEndian: withUnsafeBytes { $0.loadUnaligned(as: Value.self) })
    }
}
