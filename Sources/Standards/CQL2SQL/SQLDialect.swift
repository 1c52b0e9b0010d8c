/// The database that shall understand the SQL.
public enum SQLDialect: String, Sendable, Hashable, CaseIterable {
    /// DuckDB 1.0 or later.
    case duckdb
    /// SQLite 3.38 or later, with its mathematical functions where a filter calculates.
    case sqlite
    /// PostgreSQL 14 or later, with UTF-8 as the encoding.
    case postgresql
}

/// Capabilities of a database beyond its dialect.
public struct SQLFeatures: OptionSet, Sendable, Hashable {
    public let rawValue: Int

    public init(rawValue: Int) { self.rawValue = rawValue }

    /// DuckDB's extension `spatial`, or PostGIS.
    public static let spatial = SQLFeatures(rawValue: 1)
    /// SQLite only: the functions `cql2_casei` and `cql2_accenti`, which behave as `TextFolding`.
    public static let foldingFunctions = SQLFeatures(rawValue: 2)
    /// Without `spatial`, `S_INTERSECTS` with a box tests the Items' boxes. The result has too many Items: also those
    /// whose box meets the area and whose footprint does not.
    public static let approximateBoxes = SQLFeatures(rawValue: 4)
}
