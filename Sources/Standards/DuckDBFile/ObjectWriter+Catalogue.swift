/// The numbers of fields and kinds are those of storage version 64, introduced by DuckDB 0.10. All versions since then
/// read it, and versions before 2.0 write it by default.
///
/// There is no specification. They were found by comparing files of DuckDB 1.0, 1.1, 1.2, 1.3, 1.4 and 1.5, which are
/// equal byte by byte. Left out are positions within the statement's text, which only messages use.
///
/// Source: [DuckDB, storage versions and format](https://duckdb.org/docs/stable/internals/storage).
private enum EntryKind {
    static let schema = 2
    static let view = 3
}

extension ObjectWriter {
    /// The schema `main`, then the views in it.
    mutating func catalogue(_ views: [DuckDBView]) {
        object { catalogue in
            catalogue.field(100, list: [nil] + views.map(Optional.some)) { writer, view in
                writer.object { entry in
                    entry.field(99, view == nil ? EntryKind.schema : EntryKind.view)
                    entry.field(100, present: { if let view { $0.view(view) } else { $0.entry(EntryKind.schema) } })
                }
            }
        }
    }

    /// The common start of all entries: the kind, the schema, and that a conflict is an error.
    private mutating func entry(_ kind: Int) {
        field(100, kind)
        field(102, "main")
        field(105, 0)
    }

    private mutating func view(_ view: DuckDBView) {
        entry(EntryKind.view)
        field(106, view.statement)
        field(200, view.name)
        if let columns = view.columns, !columns.isEmpty {
            field(202, list: columns) { writer, column in writer.object { $0.type(column.type) } }
        }
        field(203, present: { $0.field(100, present: { $0.selection(view) }) })
        if let columns = view.columns, !columns.isEmpty {
            field(204, list: columns) { writer, column in writer.text(column.name) }
        }
    }
}
