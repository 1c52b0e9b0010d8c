import CQL2

extension SQLTranslation {
    func related(
        _ array: ArrayOperator, _ left: SQLTerm, _ right: SQLTerm
    ) throws(SQLTranslationError) -> SQLFragment {
        let what = "A_\(array.rawValue.uppercased())"
        switch (left.constant, right.constant) {
        case (nil, .array(let values)?): return try elements(array, left, values, what)
        case (.array(let values)?, nil):
            let swapped: ArrayOperator =
                array == .contains ? .containedBy : array == .containedBy ? .contains : array
            return try elements(swapped, right, values, what)
        case (nil, nil): throw unsupported(what, "one of the arrays must be a literal")
        default: return constant(nil)
        }
    }

    /// A property's elements against literals.
    private func elements(
        _ array: ArrayOperator, _ term: SQLTerm, _ values: [CQL2Value], _ what: String
    ) throws(SQLTranslationError) -> SQLFragment {
        guard let elements = term.elements else { return constant(nil) }
        var literals: [SQLFragment] = []
        var kind: SQLColumnType?
        for value in values {
            let (literal, type): (SQLFragment, SQLColumnType)
            switch value {
            case .number(let number) where number.isFinite: (literal, type) = (self.number(number), .number)
            case .string(let text) where TemporalText(text) == nil: (literal, type) = (try self.text(text), .string)
            case .bool(let value): (literal, type) = (constant(value), .boolean)
            default: throw unsupported(what, "its literals must be numbers, texts that are no times, or Booleans")
            }
            guard kind == nil || kind == type else { throw unsupported(what, "its literals must be of one type") }
            (kind, literals) = (type, literals + [literal])
        }
        let contains: SQLFragment
        let isContained: SQLFragment
        let overlaps: SQLFragment
        let isArray: SQLFragment
        switch elements {
        case .json(let value):
            isArray =
                dialect == .postgresql
                ? "jsonb_typeof(\(value)) = 'array'"
                : dialect == .sqlite ? "json_type(\(value)) = 'array'" : "json_type(\(value)) = 'ARRAY'"
            let isIn = literals.map {
                "EXISTS (\(self.elements(of: value)) WHERE \(equality(kind, $0)))" as SQLFragment
            }
            contains = SQLFragment(joining: isIn, by: " AND ")
            overlaps = SQLFragment(joining: isIn, by: " OR ")
            let isOne = SQLFragment(joining: literals.map { "COALESCE(\(equality(kind, $0)), FALSE)" }, by: " OR ")
            isContained =
                "NOT EXISTS (\(self.elements(of: value)) WHERE NOT (\(literals.isEmpty ? constant(false) : isOne)))"
        case .list(let value, let type):
            guard dialect == .duckdb else { throw unsupported(what, "lists are for documents only") }
            isArray = "\(value) IS NOT NULL"
            if let type, let kind, type != kind { literals = [] }
            let isIn = literals.map { "list_contains(\(value), \($0))" as SQLFragment }
            contains = SQLFragment(joining: isIn, by: " AND ")
            overlaps = SQLFragment(joining: isIn, by: " OR ")
            // Null in a list equals nothing.
            isContained =
                literals.isEmpty
                ? "len(\(value)) = 0"
                : "list_has_all([\(SQLFragment(joining: literals, by: ", "))], \(value)) AND list_count(\(value)) = len(\(value))"
        }
        let isNone = literals.isEmpty
        let result: SQLFragment
        switch array {
        // A literal of another type than the elements is not in them.
        case .contains: result = isNone ? constant(values.isEmpty) : contains
        case .containedBy: result = isContained
        case .equals:
            result = isNone ? (values.isEmpty ? isContained : constant(false)) : "\(contains) AND \(isContained)"
        case .overlaps: result = isNone ? constant(false) : overlaps
        }
        return "CASE WHEN \(isArray) THEN \(result) END"
    }

    /// `SELECT 1 FROM` the elements; the columns `t` and `e` are then an element's type and its content.
    private func elements(of value: SQLFragment) -> SQLFragment {
        switch dialect {
        case .sqlite: "SELECT 1 FROM (SELECT type AS t, value AS e FROM json_each(\(value))) AS a"
        case .postgresql:
            """
            SELECT 1 FROM (SELECT jsonb_typeof(j) AS t, j #>> '{}' AS e FROM jsonb_array_elements(\(value)) AS j) AS a
            """
        case .duckdb:
            """
            SELECT 1 FROM (SELECT json_type(j) AS t, json_extract_string(j, '$') AS e \
            FROM (SELECT unnest(json_extract(\(value), '$[*]')) AS j) AS b) AS a
            """
        }
    }

    private func equality(_ kind: SQLColumnType?, _ literal: SQLFragment) -> SQLFragment {
        switch kind {
        case .number: "\(jsonNumber("t", "e")) = \(literal)"
        case .boolean: "\(jsonBoolean("t", "e")) = \(literal)"
        default: "\(jsonString("t", "e")) = \(literal)"
        }
    }
}
