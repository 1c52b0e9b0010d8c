/// A row of a result.
public struct Row: Sendable {
    let columns: Columns
    /// In the order of the columns.
    public let values: [DatabaseValue]

    /// The names of a result's columns, shared by its rows.
    final class Columns: Sendable {
        let names: [String]
        /// Index by name; -1: several columns have the name.
        let indices: [String: Int]

        init(_ names: [String]) {
            self.names = names
            indices = Dictionary(names.enumerated().map { ($1, $0) }) { _, _ in -1 }
        }
    }

    public var columnNames: [String] { columns.names }

    /// The value of a column: `let name: String = try row["name"]`.
    ///
    /// - Throws: `rowMismatch`, with the name of the column, when there is no such column or its value is null or of
    ///   another type.
    public subscript<Value: DatabaseConvertible>(_ column: String, as type: Value.Type = Value.self) -> Value {
        get throws(DatabaseError) {
            let index = try index(of: column)
            guard let value = Value(values[index]) else { throw mismatch(column, values[index], type) }
            return value
        }
    }

    /// As above, of a column that may be null: `let name: String? = try row["name"]`.
    public subscript<Value: DatabaseConvertible>(_ column: String, as type: Value?.Type = Value?.self) -> Value? {
        get throws(DatabaseError) {
            let index = try index(of: column)
            if values[index] == .null { return nil }
            guard let value = Value(values[index]) else { throw mismatch(column, values[index], Value.self) }
            return value
        }
    }

    private func index(of column: String) throws(DatabaseError) -> Int {
        guard let index = columns.indices[column] else {
            throw DatabaseError(
                .rowMismatch,
                "The result has no column '\(column)'; it has \(columns.names.joined(separator: ", ")).")
        }
        guard index >= 0 else {
            throw DatabaseError(.rowMismatch, "The result has several columns '\(column)'; name them apart with AS.")
        }
        return index
    }

    private func mismatch(_ column: String, _ value: DatabaseValue, _ type: Any.Type) -> DatabaseError {
        let advice = value == .null ? "; if that is meant, read it as \(type)?" : ""
        return DatabaseError(
            .rowMismatch, "Column '\(column)' has a value of type \(value.typeName), which is no \(type)\(advice).")
    }
}
