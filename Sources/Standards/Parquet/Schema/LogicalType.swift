/// The meaning of a column's values or a group's members.
///
/// Source: [Logical types](https://parquet.apache.org/docs/file-format/types/logicaltypes/).
public enum LogicalType: Hashable, Sendable {
    public enum TimeUnit: Int16, Hashable, Sendable, CaseIterable {
        case milliseconds = 1
        case microseconds, nanoseconds
    }

    /// How the edges of a geography run between its vertices.
    public enum EdgeInterpolation: Int32, Hashable, Sendable, CaseIterable {
        case spherical = 0
        case vincenty, thomas, andoyer, karney
    }

    /// UTF-8.
    case string
    case map, list
    /// UTF-8, one of a set of names.
    case enumeration
    /// An integer times ten to the power of `-scale`, of `precision` decimal digits.
    case decimal(precision: Int, scale: Int)
    /// Days since 1970-01-01.
    case date
    /// Since midnight.
    case time(isAdjustedToUTC: Bool, unit: TimeUnit)
    /// Since 1970-01-01T00:00:00, in UTC or in a local time that is not known.
    case timestamp(isAdjustedToUTC: Bool, unit: TimeUnit)
    /// 8, 16, 32 or 64 bits wide.
    case integer(bitWidth: Int, isSigned: Bool)
    /// Always null.
    case unknown
    case json, bson, uuid, float16
    case variant(specificationVersion: Int8?)
    /// WKB with straight edges. `crs` is `OGC:CRS84` when `nil`.
    case geometry(crs: String?)
    /// WKB with edges on an ellipsoid. `crs` is `OGC:CRS84`, `algorithm` spherical, when `nil`.
    case geography(crs: String?, algorithm: EdgeInterpolation?)
    /// One that the format got later than this library: the number of the union's member. Values are as stored, and
    /// bounds are of no use, since their order is not known.
    case unrecognized(Int16)
}
