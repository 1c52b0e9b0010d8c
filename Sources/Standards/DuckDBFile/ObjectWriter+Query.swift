/// The parse tree of the one statement that our views are.
private enum Expression {
    /// Class and type: the class determines the fields.
    static let castToType = (3, 12)
    static let columnName = (4, 203)
    static let equality = (5, 25)
    static let constant = (7, 75)
    static let function = (9, 140)
    static let star = (11, 200)
}

extension ObjectWriter {
    /// `SELECT * FROM read_parquet(…)`.
    mutating func selection(_ view: DuckDBView) {
        field(100, 1)
        // No common table expressions.
        field(102, object: { _ in })
        field(
            200, list: [Expression.star],
            { writer, star in
                writer.present {
                    $0.expression(star)
                    $0.field(201, 0)
                }
            })
        field(
            201,
            present: { source in
                // A table function.
                source.field(100, 5)
                source.field(200, present: { $0.readParquet(view) })
            })
        // Aggregates as usual.
        field(205, 0)
    }

    private mutating func readParquet(_ view: DuckDBView) {
        expression(Expression.function)
        field(200, "read_parquet")
        begin(202, count: 1 + view.options.count)
        present { files in
            if view.paths.count == 1 { files.constant(view.paths[0]) } else { files.list(view.paths) }
        }
        for option in view.options { present { $0.option(option.name, option.value) } }
        noOrder()
    }

    private mutating func list(_ paths: [String]) {
        expression(Expression.function)
        field(200, "list_value")
        field(201, "main")
        field(202, list: paths) { writer, path in writer.present { $0.constant(path) } }
        noOrder()
    }

    /// `name = CAST('t' AS BOOLEAN)`, as the parser reads `name = true`.
    private mutating func option(_ name: String, _ value: Bool) {
        expression(Expression.equality)
        field(
            200,
            present: { left in
                left.expression(Expression.columnName)
                left.field(200, list: [name]) { $0.text($1) }
            })
        field(
            201,
            present: { right in
                right.expression(Expression.castToType)
                right.field(200, present: { $0.constant(value ? "t" : "f") })
                right.field(201, object: { $0.type(.boolean) })
            })
    }

    private mutating func constant(_ text: String) {
        expression(Expression.constant)
        field(
            200,
            object: { value in
                value.field(100, object: { $0.type(.varchar) })
                // Not null.
                value.field(101, 0)
                value.field(102, text)
            })
    }

    private mutating func expression(_ kind: (class: Int, type: Int)) {
        field(100, kind.class)
        field(101, kind.type)
    }

    /// The `ORDER BY` within a function's parentheses, which is written also when it is empty.
    private mutating func noOrder() {
        field(204, present: { $0.field(100, 2) })
    }
}
