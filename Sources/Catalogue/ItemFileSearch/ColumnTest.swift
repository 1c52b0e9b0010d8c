import Geo
import ItemFilter
import Parquet
import Temporal

/// What decides a condition on columns, in a certain file.
enum ColumnTest: Sendable {
    /// No Item of the file can meet it.
    case never
    case ranges(SchemaLeaf, RangeKind, ValueRanges)
    /// UTF-8 among which the value must be.
    case texts(SchemaLeaf, Set<[UInt8]>)
    /// Leaves out what lies elsewhere; what is left is to be compared.
    case box(BoxColumns, [PlanarBox])
    case times(TimeColumns, DateTimeInterval)

    /// What the values of a column are compared as.
    enum RangeKind: Sendable {
        case numbers, strings
        /// In so many parts of a second.
        case timestamps(unitsPerSecond: Int64)
    }

    var leaves: [SchemaLeaf] {
        switch self {
        case .never: []
        case .ranges(let leaf, _, _), .texts(let leaf, _): [leaf]
        case .box(let columns, _): columns.leaves
        case .times(let columns, _): columns.leaves
        }
    }
}

/// Columns of the Items' bounding boxes: west, south, east, north.
struct BoxColumns: Sendable {
    let west, south, east, north: SchemaLeaf

    var leaves: [SchemaLeaf] { [west, south, east, north] }
}

/// Columns of the Items' times; `nil`: the file has none, so that no Item has such a time.
struct TimeColumns: Sendable {
    let datetime, start, end: SchemaLeaf?

    var leaves: [SchemaLeaf] { [datetime, start, end].compactMap { $0 } }
}

extension SchemaLeaf {
    /// Whether it is a plain column of its own at the top of the file.
    var isPlain: Bool { path.count == 1 && maxRepetitionLevel == 0 }

    var isNumber: Bool {
        switch (physicalType, logicalType) {
        case (.double, nil), (.float, nil), (.int32, nil), (.int64, nil): true
        case (.int32, .integer(_, isSigned: true)), (.int64, .integer(_, isSigned: true)): true
        default: false
        }
    }

    var isText: Bool {
        guard physicalType == .byteArray else { return false }
        switch logicalType {
        case .string, .enumeration: return true
        default: return false
        }
    }

    /// Parts of a second; `nil` when it holds no instants.
    var timestampUnitsPerSecond: Int64? {
        guard physicalType == .int64, case .timestamp(_, let unit) = logicalType else { return nil }
        switch unit {
        case .milliseconds: return 1_000
        case .microseconds: return 1_000_000
        case .nanoseconds: return 1_000_000_000
        }
    }
}

/// Microseconds since 1970, towards the past as texts are read; the ends of the range for what is beyond.
func microseconds(_ value: Int64, unitsPerSecond: Int64) -> Int64 {
    switch unitsPerSecond {
    case 1_000_000: return value
    case 1_000:
        let (result, overflow) = value.multipliedReportingOverflow(by: 1_000)
        return overflow ? (value < 0 ? .min : .max) : result
    default:
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: 1_000)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
