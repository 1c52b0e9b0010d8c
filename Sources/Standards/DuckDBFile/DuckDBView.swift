/// A view over Parquet files: `SELECT * FROM read_parquet(…)`.
public struct DuckDBView: Sendable, Hashable {
    /// Any text; clients write it in double quotes.
    public var name: String
    /// Absolute paths, URLs, or patterns with `*`; at least one. See `literalPattern(_:)` for paths that are no
    /// pattern.
    public var paths: [String]
    /// Whether columns are matched by their names across files, which takes time, rather than by their positions.
    public var unionByName: Bool
    /// Whether folders named `column=value` make columns.
    public var hivePartitioning: Bool
    /// The columns that DuckDB will find in the files, all of them in their order.
    ///
    /// DuckDB before 1.5 requires them and rejects views whose recorded columns differ from the files'. From 1.5 on it
    /// ignores the recorded columns, so that `nil` suffices.
    public var columns: [DuckDBColumn]?

    /// Bytes of UTF-8 in a name.
    public static let nameLimit = 1024

    public init(
        _ name: String, paths: [String], unionByName: Bool = false, hivePartitioning: Bool = false,
        columns: [DuckDBColumn]? = nil
    ) {
        self.name = name
        self.paths = paths
        self.unionByName = unionByName
        self.hivePartitioning = hivePartitioning
        self.columns = columns
    }

    /// A pattern that only the path itself matches: `*`, `?` and `[` in it stand for themselves.
    public static func literalPattern(_ path: String) -> String {
        var pattern = ""
        for character in path.unicodeScalars {
            if "*?[".unicodeScalars.contains(character) {
                pattern += "[\(character)]"
            } else {
                pattern.unicodeScalars.append(character)
            }
        }
        return pattern
    }

    /// The statement that makes the view.
    public var statement: String { "CREATE VIEW \(quoted(name, "\"")) AS \(query);" }

    /// The view's query.
    var query: String {
        let files = paths.map { quoted($0, "'") }
        let source = files.count == 1 ? files[0] : "[\(files.joined(separator: ", "))]"
        let settings = options.map { ", \($0.name) = \($0.value)" }.joined()
        return "SELECT * FROM read_parquet(\(source)\(settings))"
    }

    var options: [(name: String, value: Bool)] {
        [("union_by_name", unionByName), ("hive_partitioning", hivePartitioning)]
    }

    /// - Throws: `DuckDBFileError` for a name, path or type that cannot be.
    func validate() throws(DuckDBFileError) {
        guard !name.isEmpty, name.utf8.count <= Self.nameLimit, !name.utf8.contains(0) else { throw .invalidName(name) }
        guard !paths.isEmpty, paths.allSatisfy({ !$0.isEmpty && !$0.utf8.contains(0) }) else {
            throw .invalidPath(view: name)
        }
        let depth = columns?.map(\.type.depth).max() ?? 0
        guard depth <= DuckDBType.depthLimit else { throw .tooDeep(view: name, limit: DuckDBType.depthLimit) }
    }
}

private func quoted(_ text: String, _ mark: String) -> String {
    var result = mark
    for character in text.unicodeScalars {
        if mark.unicodeScalars.first == character { result += mark }
        result.unicodeScalars.append(character)
    }
    return result + mark
}
