extension SQLTranslation {
    /// Times in every Item that has them, which stac-geoparquet stores as such.
    static let commonTimes: Set<String> = [
        "datetime", "start_datetime", "end_datetime", "created", "updated", "published", "expires", "unlocked",
    ]
    private static let roots: Set<String> = ["assets", "links", "bbox", "type", "stac_version", "stac_extensions"]

    /// A property by its name in the API; see `ItemFilter.PropertyName`, whose rule this is.
    func property(_ name: String) throws(SQLTranslationError) -> SQLTerm {
        guard !name.utf8.contains(0) else { throw .nul }
        let prefix = "properties."
        let name = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
        switch name {
        case "id": if let id = layout.idColumn { return try column(name, "\(name: id)", .string) }
        case "collection":
            if let collection = layout.collectionColumn { return try column(name, "\(name: collection)", .string) }
        case "geometry": return try geometryTerm()
        default: break
        }
        switch layout.properties {
        case .document(let document): return try member(name, of: document)
        case .columns: return try columnTerm(name)
        }
    }

    // MARK: Columns

    private func columnTerm(_ name: String) throws(SQLTranslationError) -> SQLTerm {
        if let type = layout.types[name] { return try column(name, "\(name: name)", type) }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard !parts.contains("") else { throw .invalidName(name) }
        if parts[0] == "assets", parts.count > 1, layout.assets == .text, layout.types["assets"] != .other {
            return try json(name, at: [Array(parts.dropFirst())], in: "CAST(\(name: "assets") AS JSON)")
        }
        if let fields = layout.fields, !fields.contains(name), !isInJSON(parts) {
            return SQLTerm(name: name, isNull: constant(true))
        }
        // The longest name that is a column; the rest are fields of its.
        for count in (1..<max(parts.count, 1)).reversed() {
            let prefix = parts[..<count].joined(separator: ".")
            if let type = layout.types[prefix] { return try fields(name, "\(name: prefix)", parts[count...], type) }
        }
        if Self.commonTimes.contains(name), !layout.isComplete { return try column(name, "\(name: name)", .timestamp) }
        switch name {
        case "type", "stac_version": return try column(name, "\(name: name)", .string)
        case "stac_extensions": return try column(name, "\(name: name)", .strings)
        case "bbox", "links": return SQLTerm(name: name, isNull: "\(name: name) IS NULL")
        case "assets": return SQLTerm(name: name, isNull: "\(name: name) IS NULL")
        default: break
        }
        if Self.roots.contains(parts[0]), parts[0] != "assets" { throw .invalidName(name) }
        if layout.isComplete, parts[0] != "assets" { return SQLTerm(name: name, isNull: constant(true)) }
        return parts.count > 1
            ? try fields(name, "\(name: parts[0])", parts[1...], .other) : assumed(name, "\(name: name)")
    }

    private func isInJSON(_ parts: [String]) -> Bool {
        parts.indices.dropFirst().contains { layout.types[parts[..<$0].joined(separator: ".")] == .json }
    }

    /// A field within a column: of its JSON, or of its `STRUCT`.
    private func fields(
        _ name: String, _ column: SQLFragment, _ path: ArraySlice<String>, _ type: SQLColumnType
    ) throws(SQLTranslationError) -> SQLTerm {
        if type == .json { return try json(name, at: Self.paths(Array(path)), in: asJSON(column)) }
        guard type == .other else { return SQLTerm(name: name, isNull: constant(true)) }
        guard dialect == .duckdb else { throw .invalidName(name) }
        return assumed(name, path.reduce(column) { "struct_extract(\($0), \(quoting: $1))" })
    }

    private func asJSON(_ column: SQLFragment) -> SQLFragment {
        switch dialect {
        case .duckdb: "CAST(\(column) AS JSON)"
        case .postgresql: "CAST(\(column) AS jsonb)"
        case .sqlite: column
        }
    }

    private func assumed(_ name: String, _ value: SQLFragment) -> SQLTerm {
        SQLTerm(
            name: name, isAssumed: true, number: value, string: value, boolean: value, elements: .list(value, nil),
            isNull: "\(value) IS NULL")
    }

    private func column(
        _ name: String, _ value: SQLFragment, _ type: SQLColumnType
    ) throws(SQLTranslationError) -> SQLTerm {
        var term = SQLTerm(name: name, isNull: "\(value) IS NULL")
        switch type {
        case .number: term.number = value
        case .string: term.string = value
        case .boolean: term.boolean = value
        case .timestamp: term.time = .timestamp(value)
        case .timestampWithoutZone: term.time = .timestampWithoutZone(value)
        case .date: term.time = .date(value)
        case .geometry: term.geometry = geometry(value)
        case .strings: term.elements = .list(value, .string)
        case .numbers: term.elements = .list(value, .number)
        case .booleans: term.elements = .list(value, .boolean)
        case .json: return try json(name, at: [[]], in: asJSON(value))
        case .other: break
        }
        if dialect == .sqlite, term.time != nil {
            throw unsupported("a column of type \(type.rawValue)", "SQLite has no such type")
        }
        return term
    }

    // MARK: Documents

    private func member(_ name: String, of document: String) throws(SQLTranslationError) -> SQLTerm {
        if name == "id" || name == "collection" { return try json(name, at: [[name]], in: "\(name: document)") }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        var paths = Self.paths(parts).map { ["properties"] + $0 }
        if Self.roots.contains(parts[0]) { paths += Self.paths(parts) }
        guard paths.count <= 32 else { throw .invalidName(name) }
        return try json(name, at: paths, in: "\(name: document)")
    }

    /// The ways in which points may lead into objects, that of the longest first name first.
    private static func paths(_ parts: [String]) -> [[String]] {
        guard parts.count > 1 else { return [parts] }
        guard parts.count <= 6 else { return (0..<33).map { _ in parts } }
        var paths = [[parts.joined(separator: ".")]]
        for count in 1..<parts.count {
            let first = parts[..<count].joined(separator: ".")
            paths += Self.paths(Array(parts[count...])).map { [first] + $0 }
        }
        return paths
    }
}
