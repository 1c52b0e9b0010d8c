import CQL2
public import CQL2SQL
import Geo
public import STACAPI

/// Translates a whole search into SQL.
public struct SearchTranslation: Sendable {
    public let translation: SQLTranslation

    public init(_ translation: SQLTranslation) {
        self.translation = translation
    }

    /// `SELECT * FROM table WHERE … ORDER BY … LIMIT …`.
    ///
    /// - Parameters:
    ///   - table: The name of a table or a view.
    ///   - request: Without words, elevations and cursor, which have no counterpart.
    /// - Throws: `SQLTranslationError`.
    public func statement(for request: SearchRequest, from table: String) throws(SQLTranslationError) -> SQLCondition {
        guard !table.utf8.contains(0) else { throw .nul }
        guard request.text == nil else { throw unsupported("q", "it looks for words") }
        guard request.cursor == nil else {
            throw unsupported("a page but the first one", "its position is the server's")
        }
        guard request.elevation == nil else { throw unsupported("a bbox of six numbers", "boxes have four sides here") }
        var conditions: [SQLFragment] = []
        if let filter = condition(of: request) { conditions.append(try translation.fragment(for: filter)) }
        if let datetime = request.datetime { conditions.append(try translation.duration(intersects: datetime)) }
        var statement: SQLFragment = "SELECT * FROM \(name: table)"
        if !conditions.isEmpty {
            let all = SQLFragment(joining: conditions.map { "(\($0))" }, by: " AND ")
            statement = "\(statement) WHERE \(all)"
        }
        var keys: [SQLFragment] = []
        for key in SortKey.effective(request.sortBy) {
            keys += try translation.order(key.property, isDescending: key.direction == .descending)
        }
        statement = "\(statement) ORDER BY \(SQLFragment(joining: keys, by: ", "))"
        // A count needs no rows.
        statement = "\(statement) LIMIT \(.integer(Int64(max(0, request.limit))))"
        return statement.condition(translation.dialect, translation.parameters)
    }

    /// All but the time as one filter.
    private func condition(of request: SearchRequest) -> Expression? {
        var parts: [Expression] = []
        if let ids = request.ids { parts.append(.in(.property("id"), ids.map(Operand.string))) }
        if let collections = request.collections {
            parts.append(.in(.property("collection"), collections.map(Operand.string)))
        }
        if let area = request.area { parts.append(.spatial(.intersects, .property("geometry"), .geometry(area))) }
        if let filter = request.filter { parts.append(filter) }
        return parts.count > 1 ? .and(parts) : parts.first
    }

    private func unsupported(_ what: String, _ reason: String) -> SQLTranslationError {
        .unsupported(what, translation.dialect, reason: reason)
    }
}
