import ArgumentParser
import CQL2
import JSON

/// A filter as CQL2 text or CQL2 JSON, from an argument, a file or standard input.
struct FilterArgument: ParsableArguments {
    /// Bytes of a filter.
    private static let limit = 16 << 20

    @Argument(
        help: """
            The filter as CQL2 text or CQL2 JSON, or '@file'; '-' or none: read from standard input. Before a filter that \
            begins with a minus comes '--'.
            """)
    var filter: String?

    /// - Returns: The filter, and whether it was JSON.
    func read() throws -> (expression: Expression, isJSON: Bool) {
        if let filter, filter != "-" { return try Self.expression(TextArgument.text(filter)) }
        return try Self.expression(StandardInput.text(limit: Self.limit))
    }

    /// - Returns: The filter that a text expresses, and whether it is JSON.
    static func expression(_ text: String) throws -> (expression: Expression, isJSON: Bool) {
        // Of texts, none begins with a brace; JSON that is a literal means the same as text.
        let isJSON = text.utf8.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "{")
        let expression = isJSON ? try Expression(json: try JSONValue(parsing: text)) : try Expression(text: text)
        return (expression, isJSON)
    }
}
