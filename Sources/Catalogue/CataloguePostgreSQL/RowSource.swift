import SQLDatabase

/// What statements that read are run on.
enum RowSource: Sendable {
    /// Each on the newest state.
    case latest(Database)
    /// All on one state.
    case snapshot(DatabaseSnapshot)

    /// - Parameter timeout: `nil`: the database's own; a snapshot has none.
    func rows(_ sql: String, _ values: [DatabaseValue] = [], timeout: Duration? = nil) throws -> [Row] {
        try catalogueErrors {
            switch self {
            case .latest(let database): try database.rows(sql, values: values, timeout: timeout)
            case .snapshot(let snapshot): try snapshot.rows(sql, values: values)
            }
        }
    }
}
