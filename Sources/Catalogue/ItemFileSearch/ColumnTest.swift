import Geo
import ItemFilter
import Parquet
import Temporal

/// A condition compiled for the columns of one file.
enum ColumnTest: Sendable {
    /// No Item of the file can satisfy it.
    case never
    case ranges(SchemaLeaf, RangeKind, ValueRanges)
    /// UTF-8 texts, one of which the value must be.
    case texts(SchemaLeaf, Set<[UInt8]>)
    /// Prunes Items that lie elsewhere; the rest needs an exact test.
    case box(BoxColumns, [PlanarBox])
    case times(TimeColumns, DateTimeInterval)

    /// The type as which a column's values are compared.
    enum RangeKind: Sendable {
        case numbers, strings
        /// In units of this fraction of a second.
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
    /// Whether boxes across the antimeridian may be half the Earth wide or more. Only files of this library say so:
    /// without bounds that are of use in spite of them, others would have to be read as a whole.
    let mayBeWide: Bool

    var leaves: [SchemaLeaf] { [west, south, east, north] }
}

/// Columns of the Items' times; `nil`: the file has none, so that no Item has such a time.
struct TimeColumns: Sendable {
    let datetime, start, end: SchemaLeaf?

    var leaves: [SchemaLeaf] { [datetime, start, end].compactMap { $0 } }
}

extension SchemaLeaf {
    /// Whether it is a plain top-level column.
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

    /// Units per second; `nil` if it holds no instants.
    var timestampUnitsPerSecond: Int64? {
        guard physicalType == .int64, case .timestamp(_, let unit) = logicalType else { return nil }
        switch unit {
        case .milliseconds: return 1_000
        case .microseconds: return 1_000_000
        case .nanoseconds: return 1_000_000_000
        }
    }
}

/// Microseconds since 1970, rounded down like parsed texts; clamped to the range.
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
