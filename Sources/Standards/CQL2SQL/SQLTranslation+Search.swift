import CQL2
package import Temporal

extension SQLTranslation {
    /// Whether the time that an Item is about has an instant in common with `interval`: from its `start_datetime` to
    /// its `end_datetime` where it has them, else its `datetime`.
    package func duration(intersects interval: DateTimeInterval) throws(SQLTranslationError) -> SQLFragment {
        let (datetime, start, end) = (
            try property("datetime"), try property("start_datetime"), try property("end_datetime")
        )
        var conditions: [SQLFragment] = []
        if let bound = interval.start {
            conditions.append(
                try first([end, datetime, start], .greaterOrEqual, .constant(bound.microseconds)))
        }
        if let bound = interval.end {
            conditions.append(try first([start, datetime], .lessOrEqual, .constant(bound.microseconds)))
        }
        return conditions.isEmpty ? constant(true) : SQLFragment(joining: conditions, by: " AND ")
    }

    /// The comparison of the first of the instants that there is.
    ///
    /// Each comparison is separate, rather than on a `COALESCE`, so that the database can use the statistics of
    /// each column.
    private func first(
        _ terms: [SQLTerm], _ comparison: ComparisonOperator, _ bound: SQLInstant
    ) throws(SQLTranslationError) -> SQLFragment {
        var alternatives: [SQLFragment] = []
        var isMissing: [SQLFragment] = []
        for term in terms {
            guard let instant = instant(term), let value = instant.fragment else { continue }
            let condition = SQLFragment(joining: isMissing + [symbol(comparison, instant, bound)], by: " AND ")
            alternatives.append(isMissing.isEmpty ? condition : "(\(condition))")
            isMissing.append("\(value) IS NULL")
        }
        guard !alternatives.isEmpty else { return constant(nil) }
        return "(\(SQLFragment(joining: alternatives, by: " OR ")))"
    }

    /// Keys of `ORDER BY` for one of the API's: missing values come last in either direction.
    package func order(_ name: String, isDescending: Bool) throws(SQLTranslationError) -> [SQLFragment] {
        let term = try property(name)
        func key(_ value: SQLFragment) -> SQLFragment {
            isDescending ? "\(value) DESC NULLS LAST" : "\(value) ASC NULLS LAST"
        }
        if name == "datetime" || name == "properties.datetime" {
            let times = [term, try property("start_datetime")].compactMap { instant($0)?.fragment }
            guard !times.isEmpty else { return [] }
            return [key(times.count == 1 ? times[0] : "COALESCE(\(SQLFragment(joining: times, by: ", ")))")]
        }
        if let value = instant(term)?.fragment, term.time != nil { return [key(value)] }
        if term.isAssumed { return [key(term.number!)] }
        // Of one type are the columns, of any type the members of documents: Booleans, numbers, timestamps, texts.
        var keys: [SQLFragment] = []
        if let value = term.boolean { keys.append(value) }
        if let value = term.number { keys.append(value) }
        if let value = term.string {
            let text: SQLFragment =
                switch dialect {
                case .duckdb: value
                case .sqlite: "\(value) COLLATE BINARY"
                case .postgresql: "\(value) COLLATE \"C\""
                }
            if name == "id" || name == "collection" { return [key(text)] }
            // A date alone is a text here.
            let time: SQLFragment = "CASE WHEN length(\(value)) > 10 THEN \(microseconds(ofText: value)) END"
            keys += [time, "CASE WHEN \(time) IS NULL THEN \(text) END"]
        }
        guard keys.count > 1 else { return keys.map(key) }
        // Within the API's order of types, each type's own order.
        let cases = keys.enumerated().map { "WHEN \($1) IS NOT NULL THEN \(.integer(Int64($0)))" as SQLFragment }
        let rank: SQLFragment = "CASE \(SQLFragment(joining: cases, by: " ")) END"
        return [key(rank)] + keys.map(key)
    }
}
