/// The type of a view's column, by DuckDB's names.
///
/// Source: [DuckDB, data types](https://duckdb.org/docs/stable/sql/data_types/overview).
public indirect enum DuckDBType: Sendable, Hashable {
    case boolean
    case tinyint, smallint, integer, bigint
    case utinyint, usmallint, uinteger, ubigint
    case float, double
    /// `width` digits in all (1 to 38), `scale` of them behind the point.
    case decimal(width: UInt8, scale: UInt8)
    case varchar, blob, uuid
    case date, time
    /// Without zone, in seconds, milliseconds, microseconds, nanoseconds.
    case timestampSeconds, timestampMilliseconds, timestamp, timestampNanoseconds
    /// An instant in microseconds: `TIMESTAMP WITH TIME ZONE`.
    case timestampWithTimeZone
    case list(DuckDBType)
    case structure([DuckDBColumn])
    case map(key: DuckDBType, value: DuckDBType)

    /// Types may be nested this deep.
    public static let depthLimit = 64

    /// Levels of nesting; 1 for a type without others in it.
    var depth: Int {
        switch self {
        case .list(let element): element.depth + 1
        case .structure(let fields): (fields.map(\.type.depth).max() ?? 0) + 1
        case .map(let key, let value): max(key.depth, value.depth) + 2
        default: 1
        }
    }
}

/// A column of a view, or a field of a `STRUCT`.
public struct DuckDBColumn: Sendable, Hashable {
    public var name: String
    public var type: DuckDBType

    public init(_ name: String, _ type: DuckDBType) {
        self.name = name
        self.type = type
    }
}
