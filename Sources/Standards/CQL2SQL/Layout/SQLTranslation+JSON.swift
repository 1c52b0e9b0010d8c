extension SQLTranslation {
    /// The first present member at `paths`, of any type.
    ///
    /// - Parameter paths: Names of members, from `document` inwards; the document itself for an empty path.
    func json(_ name: String, at paths: [[String]], in document: SQLFragment) throws(SQLTranslationError) -> SQLTerm {
        var values: [SQLFragment] = []
        for path in paths { values.append(try json(name, at: path, in: document)) }
        let value: SQLFragment = values.count == 1 ? values[0] : "COALESCE(\(SQLFragment(joining: values, by: ", ")))"
        let type: SQLFragment = dialect == .postgresql ? "jsonb_typeof(\(value))" : "json_type(\(value))"
        var term = SQLTerm(name: name, elements: .json(value), isNull: "COALESCE(\(type), \(nullType)) = \(nullType)")
        let content: SQLFragment
        switch dialect {
        case .duckdb: content = "json_extract_string(\(value), '$')"
        case .sqlite: content = "json_extract(\(value), '$')"
        case .postgresql: content = "(\(value) #>> '{}')"
        }
        term.number = jsonNumber(type, content)
        term.string = jsonString(type, content)
        term.boolean = jsonBoolean(type, content)
        if dialect == .postgresql, features.contains(.spatial) {
            term.geometry = "CASE WHEN \(type) = 'object' THEN ST_GeomFromGeoJSON(\(value)) END"
        }
        return term
    }

    private var nullType: SQLFragment { dialect == .duckdb ? "'NULL'" : "'null'" }

    private func json(
        _ name: String, at path: [String], in document: SQLFragment
    ) throws(SQLTranslationError) -> SQLFragment {
        switch dialect {
        case .duckdb:
            // JSON Pointer: any name can be written.
            let pointer = path.map { "/" + $0.replacingScalar("~", by: "~0").replacingScalar("/", by: "~1") }.joined()
            return path.isEmpty ? document : "json_extract(\(document), \(quoting: pointer))"
        case .postgresql:
            return path.reduce(document) { "(\($0) -> \(quoting: $1))" }
        case .sqlite:
            // SQLite has no way to write these in the path of a member.
            guard !path.contains(where: { $0.unicodeScalars.contains { $0 == "\"" || $0 == "\\" || $0.value < 0x20 } })
            else { throw .invalidName(name) }
            let members = path.map { ".\"\($0)\"" }.joined()
            return path.isEmpty ? document : "(\(document) -> \(quoting: "$" + members))"
        }
    }

    func jsonNumber(_ type: SQLFragment, _ content: SQLFragment) -> SQLFragment {
        switch dialect {
        case .duckdb:
            "CASE WHEN \(type) IN ('DOUBLE', 'BIGINT', 'UBIGINT', 'HUGEINT', 'UHUGEINT') THEN TRY_CAST(\(content) AS DOUBLE) END"
        case .sqlite: "CASE WHEN \(type) IN ('integer', 'real') THEN CAST(\(content) AS REAL) END"
        case .postgresql: "CASE WHEN \(type) = 'number' THEN CAST(\(content) AS double precision) END"
        }
    }

    func jsonString(_ type: SQLFragment, _ content: SQLFragment) -> SQLFragment {
        switch dialect {
        case .duckdb: "CASE WHEN \(type) = 'VARCHAR' THEN \(content) END"
        case .sqlite: "CASE WHEN \(type) = 'text' THEN \(content) END"
        case .postgresql: "CASE WHEN \(type) = 'string' THEN \(content) END"
        }
    }

    func jsonBoolean(_ type: SQLFragment, _ content: SQLFragment) -> SQLFragment {
        switch dialect {
        case .duckdb: "CASE WHEN \(type) = 'BOOLEAN' THEN \(content) = 'true' END"
        case .sqlite: "CASE \(type) WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END"
        case .postgresql: "CASE WHEN \(type) = 'boolean' THEN \(content) = 'true' END"
        }
    }
}
