/// The annotation that logical types have replaced. Read when there is no logical type, and written for old readers.
///
/// Source: [Logical types](https://parquet.apache.org/docs/file-format/types/logicaltypes/).
enum ConvertedType: Int32 {
    case utf8 = 0
    case map, mapKeyValue, list, enumeration, decimal, date, timeMillis, timeMicros, timestampMillis, timestampMicros
    case uint8, uint16, uint32, uint64, int8, int16, int32, int64, json, bson, interval

    /// The logical type that means the same. Old times are instants in UTC; intervals have no logical type.
    func logicalType(precision: Int?, scale: Int?) -> LogicalType? {
        switch self {
        case .utf8: .string
        case .map, .mapKeyValue: .map
        case .list: .list
        case .enumeration: .enumeration
        case .decimal: precision.map { .decimal(precision: $0, scale: scale ?? 0) }
        case .date: .date
        case .timeMillis: .time(isAdjustedToUTC: true, unit: .milliseconds)
        case .timeMicros: .time(isAdjustedToUTC: true, unit: .microseconds)
        case .timestampMillis: .timestamp(isAdjustedToUTC: true, unit: .milliseconds)
        case .timestampMicros: .timestamp(isAdjustedToUTC: true, unit: .microseconds)
        case .uint8: .integer(bitWidth: 8, isSigned: false)
        case .uint16: .integer(bitWidth: 16, isSigned: false)
        case .uint32: .integer(bitWidth: 32, isSigned: false)
        case .uint64: .integer(bitWidth: 64, isSigned: false)
        case .int8: .integer(bitWidth: 8, isSigned: true)
        case .int16: .integer(bitWidth: 16, isSigned: true)
        case .int32: .integer(bitWidth: 32, isSigned: true)
        case .int64: .integer(bitWidth: 64, isSigned: true)
        case .json: .json
        case .bson: .bson
        case .interval: nil
        }
    }

    /// The converted type of a logical type, for old readers; `nil` where there was none.
    init?(_ type: LogicalType) {
        switch type {
        case .string: self = .utf8
        case .map: self = .map
        case .list: self = .list
        case .enumeration: self = .enumeration
        case .decimal: self = .decimal
        case .date: self = .date
        case .time(_, .milliseconds): self = .timeMillis
        case .time(_, .microseconds): self = .timeMicros
        case .timestamp(_, .milliseconds): self = .timestampMillis
        case .timestamp(_, .microseconds): self = .timestampMicros
        case .integer(8, let isSigned): self = isSigned ? .int8 : .uint8
        case .integer(16, let isSigned): self = isSigned ? .int16 : .uint16
        case .integer(32, let isSigned): self = isSigned ? .int32 : .uint32
        case .integer(64, let isSigned): self = isSigned ? .int64 : .uint64
        case .json: self = .json
        case .bson: self = .bson
        default: return nil
        }
    }
}
