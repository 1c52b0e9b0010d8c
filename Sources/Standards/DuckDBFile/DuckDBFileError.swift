/// Why a database file cannot be made or written.
public enum DuckDBFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name of a view is empty, or has a NUL or more than `DuckDBView.nameLimit` bytes.
    case invalidName(String)
    /// Two views have the same name; DuckDB's names are case-insensitive.
    case nameTaken(String)
    /// A view reads no file, or one whose path is empty or has a NUL.
    case invalidPath(view: String)
    /// A column's type is nested deeper than `limit` levels.
    case tooDeep(view: String, limit: Int)
    /// All views together need more than `limit` bytes.
    case tooLarge(limit: Int)
    /// A system call failed: `action` on `path`, with the `errno` `code`.
    case system(action: String, path: String, code: Int32)

    public var description: String {
        switch self {
        case .invalidName(let name): "'\(name)' cannot be the name of a view"
        case .nameTaken(let name): "there are two views named '\(name)'; view names are case-insensitive"
        case .invalidPath(let view): "the view '\(view)' reads no file, or one without a usable path"
        case .tooDeep(let view, let limit): "the view '\(view)' has a column nested deeper than \(limit) levels"
        case .tooLarge(let limit): "the views need more than \(limit) bytes"
        case .system(let action, let path, let code): "cannot \(action) \(path): \(Self.message(of: code))"
        }
    }
}
