import DuckDBFile

// Writes a database of views, for tests that open it with DuckDB. A view is its name and the paths that it reads; all
// have the columns given.
//
// Usage: ViewDatabaseChild DATABASE COLUMNS [--view NAME PATH…]…
// COLUMNS is a list such as `id:varchar,number:bigint`, or empty.

let types: [String: DuckDBType] = [
    "varchar": .varchar, "bigint": .bigint, "double": .double, "boolean": .boolean, "blob": .blob,
    "timestamptz": .timestampWithTimeZone, "varchar[]": .list(.varchar),
    "box": .structure(["xmin", "ymin", "xmax", "ymax"].map { DuckDBColumn($0, .double) }),
]
let columns = CommandLine.arguments[2].split(separator: ",").map { column in
    let parts = column.split(separator: ":")
    return DuckDBColumn(String(parts[0]), types[String(parts[1])]!)
}
var views: [DuckDBView] = []
for group in CommandLine.arguments.dropFirst(3).split(separator: "--view") {
    views.append(
        DuckDBView(group.first!, paths: Array(group.dropFirst()), columns: columns.isEmpty ? nil : columns))
}
try ViewDatabase(views).write(to: CommandLine.arguments[1])
