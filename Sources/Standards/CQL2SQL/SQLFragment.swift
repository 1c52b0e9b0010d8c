/// SQL in the making: text that stands in this package's source, names, and values.
///
/// There is no way from a string that is not a literal of the source into the text but as a quoted name or as a value.
package struct SQLFragment: Sendable, Hashable {
    enum Piece: Sendable, Hashable {
        case text(String)
        case value(SQLValue)
        /// A quoted text in every style, because the database must know it when it plans.
        case quoted(String)
    }

    private(set) var pieces: [Piece]

    init(_ value: SQLValue) { pieces = [.value(value)] }

    /// - Parameter name: Of a column, a field or a function. Without NUL.
    init(name: String) { pieces = [.text(name.quoted("\""))] }

    /// - Parameter member: The name of a field or a member, or the path to it. Without NUL.
    init(quoting member: String) { pieces = [.quoted(member)] }

    /// The fragments with the separator between.
    package init(joining fragments: [SQLFragment], by separator: StaticString) {
        pieces = []
        for (index, fragment) in fragments.enumerated() {
            if index > 0 { pieces.append(.text("\(separator)")) }
            pieces += fragment.pieces
        }
    }
}

extension SQLFragment: ExpressibleByStringInterpolation {
    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var pieces: [Piece] = []

        package init(literalCapacity: Int, interpolationCount: Int) {}

        package mutating func appendLiteral(_ literal: String) {
            if !literal.isEmpty { pieces.append(.text(literal)) }
        }

        package mutating func appendInterpolation(_ fragment: SQLFragment) { pieces += fragment.pieces }

        package mutating func appendInterpolation(name: String) { pieces += SQLFragment(name: name).pieces }

        package mutating func appendInterpolation(quoting member: String) { pieces.append(.quoted(member)) }

        package mutating func appendInterpolation(_ value: SQLValue) { pieces.append(.value(value)) }
    }

    package init(stringInterpolation: StringInterpolation) { pieces = stringInterpolation.pieces }

    package init(stringLiteral value: String) { pieces = [.text(value)] }
}

/// A condition to stand behind `WHERE`.
public struct SQLCondition: Sendable, Hashable {
    public let text: String
    /// The values of the text's placeholders, in their order; empty when it has literals.
    public let parameters: [SQLValue]
}

/// The representation of values in SQL.
public enum SQLParameters: String, Sendable, Hashable, CaseIterable {
    /// In the text, quoted.
    case literals
    /// Beside it: `?`, or `$1` and so on for PostgreSQL.
    case placeholders
}

extension SQLFragment {
    package func condition(_ dialect: SQLDialect, _ style: SQLParameters) -> SQLCondition {
        var text = ""
        var parameters: [SQLValue] = []
        for piece in pieces {
            switch (piece, style) {
            case (.text(let part), _): text += part
            case (.quoted(let part), _): text += SQLValue.text(part).literal(dialect)
            case (.value(let value), .literals): text += value.literal(dialect)
            case (.value(let value), .placeholders):
                parameters.append(value)
                text += dialect == .postgresql ? "$\(parameters.count)" : "?"
            }
        }
        return SQLCondition(text: text, parameters: parameters)
    }
}
