extension ParquetValue {
    /// A value of a column, by its logical type.
    init(_ storage: ColumnValues.Storage, at index: Int, _ leaf: SchemaLeaf) {
        switch storage {
        case .booleans(let values): self = .boolean(values[index])
        case .int32(let values):
            if case .integer(_, isSigned: false) = leaf.logicalType {
                self = .unsignedInteger(UInt64(UInt32(bitPattern: values[index])))
            } else {
                self.init(Int64(values[index]), leaf)
            }
        case .int64(let values):
            if case .integer(_, isSigned: false) = leaf.logicalType {
                self = .unsignedInteger(UInt64(bitPattern: values[index]))
            } else {
                self.init(values[index], leaf)
            }
        case .float(let values): self = .double(Double(values[index]))
        case .double(let values): self = .double(values[index])
        case .byteArrays(let values): self.init(values[index], leaf)
        case .dictionaryByteArrays(let indices, let dictionary): self.init(dictionary[Int(indices[index])], leaf)
        case .fixedLengthByteArrays(let values): self.init(values[index], leaf)
        }
    }

    private init(_ value: Int64, _ leaf: SchemaLeaf) {
        if case .decimal(_, let scale) = leaf.logicalType {
            self = .decimal(ParquetDecimal(unscaled: value, scale: scale))
        } else {
            self = .integer(value)
        }
    }

    private init(_ bytes: ArraySlice<UInt8>, _ leaf: SchemaLeaf) {
        switch leaf.logicalType {
        case .string, .enumeration, .json: self = .string(String(decoding: bytes, as: UTF8.self))
        case .decimal(_, let scale): self = .decimal(ParquetDecimal(unscaled: Array(bytes), scale: scale))
        case .float16 where bytes.count == 2:
            self = .double(Float16Bits(bytes[bytes.startIndex], bytes[bytes.startIndex + 1]).double)
        default:
            if leaf.physicalType == .int96, let nanoseconds = bytes.withUnsafeBytes({ Self.nanoseconds(int96: $0) }) {
                self = .integer(nanoseconds)
            } else {
                self = .bytes(Array(bytes))
            }
        }
    }

    /// Nanoseconds since 1970-01-01 of the nanoseconds of a day and the Julian day; `nil` beyond the years 1677 to 2262.
    package static func nanoseconds(int96 bytes: UnsafeRawBufferPointer) -> Int64? {
        guard bytes.count == 12 else { return nil }
        let ofDay = Int64(littleEndian: bytes.loadUnaligned(as: Int64.self))
        let day = Int64(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: Int32.self)))
        // 1970-01-01 is Julian day 2,440,588 (at noon).
        let (days, overflow) = (day - 2_440_588).multipliedReportingOverflow(by: 86_400_000_000_000)
        let (sum, carry) = days.addingReportingOverflow(ofDay)
        return overflow || carry ? nil : sum
    }
}
