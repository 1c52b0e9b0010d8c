/// The values of one column in some rows of a row group.
public struct ColumnValues: Hashable, Sendable {
    public enum Storage: Hashable, Sendable {
        case booleans([Bool])
        case int32([Int32])
        case int64([Int64])
        case float([Float])
        case double([Double])
        case byteArrays(ByteArrays)
        /// Byte arrays as they were coded: positions in a dictionary whose members may occur any number of times.
        case dictionaryByteArrays(indices: [UInt32], dictionary: ByteArrays)
        /// Also INT96, of 12 bytes.
        case fixedLengthByteArrays(FixedLengthByteArrays)
    }

    /// The values that are there, without nulls, as they are stored: their logical type is another matter.
    public internal(set) var values: Storage
    /// One for each value, null and empty list; levels equal to the column's maximum have a value in `values`. `nil`
    /// when the maximum is 0: all values are there.
    public internal(set) var definitionLevels: [UInt8]?
    /// One for each value, null and empty list; 0 begins a row. `nil` when the maximum is 0: each row has one value.
    public internal(set) var repetitionLevels: [UInt8]?
    public internal(set) var rowCount: Int

    /// Number of values, nulls and empty lists.
    public var levelCount: Int { repetitionLevels?.count ?? rowCount }
}

extension ColumnValues.Storage {
    /// Number of values, without nulls.
    public var count: Int {
        switch self {
        case .booleans(let values): values.count
        case .int32(let values): values.count
        case .int64(let values): values.count
        case .float(let values): values.count
        case .double(let values): values.count
        case .byteArrays(let values): values.count
        case .dictionaryByteArrays(let indices, _): indices.count
        case .fixedLengthByteArrays(let values): values.count
        }
    }
}
