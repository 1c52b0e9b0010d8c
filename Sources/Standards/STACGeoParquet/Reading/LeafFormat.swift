import Parquet

/// The conversion of a column's values to JSON.
enum LeafFormat: Hashable, Sendable {
    case boolean
    /// Also integers without a sign that have not more than 32 bits.
    case integer
    case unsignedInteger
    /// Also 16-bit numbers, of two bytes each.
    case double
    /// Since 1970, in so many parts of a second; with as many digits as needed, unless the file's metadata fixes their
    /// number.
    case timestamp(unitsPerSecond: Int64, TimeFormat?)
    /// Days since 1970.
    case date
    /// Since midnight.
    case timeOfDay(unitsPerSecond: Int64)
    /// Anything that is turned into text when the column is read.
    case text(TextFormat)

    enum TextFormat: Hashable, Sendable {
        case string, json, geometry, uuid
        case decimal(scale: Int)
        /// Timestamps of old writers, in nanoseconds.
        case int96
        /// Bytes of unknown meaning.
        case bytes
    }

    /// The format of a column that is no geometry, and whose text is not known to be JSON.
    init(_ leaf: SchemaLeaf, _ timeFormat: TimeFormat?) {
        switch (leaf.logicalType, leaf.physicalType) {
        case (.decimal(_, let scale), _): self = .text(.decimal(scale: scale))
        case (.integer(_, isSigned: false), .int32), (.integer(_, isSigned: false), .int64): self = .unsignedInteger
        case (.timestamp(_, let unit), .int64): self = .timestamp(unitsPerSecond: unit.unitsPerSecond, timeFormat)
        case (.date, .int32): self = .date
        case (.time(_, let unit), .int32), (.time(_, let unit), .int64):
            self = .timeOfDay(unitsPerSecond: unit.unitsPerSecond)
        case (_, .boolean): self = .boolean
        case (_, .int32), (_, .int64): self = .integer
        case (_, .float), (_, .double): self = .double
        case (_, .int96): self = .text(.int96)
        case (.json, _): self = .text(.json)
        case (.uuid, .fixedLengthByteArray): self = .text(.uuid)
        case (.float16, .fixedLengthByteArray): self = leaf.typeLength == 2 ? .double : .text(.bytes)
        case (.bson, _), (.variant, _), (_, .fixedLengthByteArray): self = .text(.bytes)
        // Old writers did not mark text as text.
        case (_, .byteArray): self = .text(.string)
        }
    }
}

extension LogicalType.TimeUnit {
    fileprivate var unitsPerSecond: Int64 {
        switch self {
        case .milliseconds: 1_000
        case .microseconds: 1_000_000
        case .nanoseconds: 1_000_000_000
        }
    }
}
