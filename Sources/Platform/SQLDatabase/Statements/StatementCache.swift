/// What is kept per statement, with a bound: all of it is dropped when it is full, which programs with a fixed number
/// of statements never see.
struct StatementCache<Key: Hashable, Value> {
    let capacity = DatabaseLimits.statementCount
    private(set) var values: [Key: Value] = [:]

    subscript(_ key: Key) -> Value? { values[key] }

    /// - Returns: The values that were dropped for it.
    mutating func insert(_ value: Value, for key: Key) -> [Value] {
        var dropped: [Value] = []
        if values.count >= capacity {
            dropped = Array(values.values)
            values.removeAll()
        }
        values[key] = value
        return dropped
    }

    mutating func removeAll() -> [Value] {
        defer { values.removeAll() }
        return Array(values.values)
    }
}
