/// The storage of a column's values.
///
/// Source: [Types](https://parquet.apache.org/docs/file-format/types/).
public enum PhysicalType: Int32, Hashable, Sendable, CaseIterable {
    case boolean = 0
    case int32, int64
    /// Deprecated: timestamps of old writers, nanoseconds of a day and a Julian day.
    case int96
    case float, double
    case byteArray, fixedLengthByteArray
}

/// How often a field occurs in its parent.
public enum Repetition: Int32, Hashable, Sendable, CaseIterable {
    case required = 0
    case optional, repeated
}
