import CQL2
import CQL2SQL
import JSON
import Testing

@Suite("Hostile texts in SQL") struct InjectionTests {
    static let hostile = [
        "'; DROP TABLE item; --", "\\'; DROP TABLE item; --", "\"; DROP TABLE item; --", "' OR ''='", "a\"b'c\\d`e",
        "?", "$1",
        "/* */", "--", "\n", "\u{2019}", "😀'", "');", "\\", "x' || 'y", "{}", "$.\"a\"", "%'", "E'\\''",
    ]

    @Test("stay within quotes, in values as in names", arguments: hostile, SQLDialect.allCases)
    func quoted(text: String, dialect: SQLDialect) throws {
        let filters: [Expression] = [
            .comparison(.equal, .property("a"), .string(text)), .comparison(.equal, .property(text), .string(text)),
            .like(.property("a"), pattern: .string(text)),
            .in(.property("a"), [.string(text), .number(JSONNumber(1))]),
            .array(.contains, .property("a"), .array([.string(text)])), .isNull(.property("assets.\(text)")),
            .comparison(.equal, .casei(.property("a")), .casei(.string(text))),
        ]
        let layouts: [SQLLayout] =
            dialect == .duckdb ? [.geoparquet(), .geoparquetWithTextAssets()] : [.document(column: text)]
        for filter in filters {
            for layout in layouts {
                let literals = SQLTranslation(dialect: dialect, layout: layout, features: [.foldingFunctions])
                let placeholders = SQLTranslation(
                    dialect: dialect, layout: layout, features: [.foldingFunctions], parameters: .placeholders)
                do {
                    let condition = try literals.condition(for: filter)
                    #expect(condition.parameters.isEmpty)
                    let outside = try #require(Self.withoutQuoted(condition.text, dialect))
                    #expect(!outside.contains("DROP"))
                    #expect(!outside.contains(";"))
                    #expect(!outside.contains("--"))
                    #expect(!outside.contains("/*"))
                    let bound = try placeholders.condition(for: filter)
                    let outsideBound = try #require(Self.withoutQuoted(bound.text, dialect))
                    let count =
                        dialect == .postgresql
                        ? outsideBound.count { $0 == "$" } : outsideBound.count { $0 == "?" }
                    #expect(count == bound.parameters.count)
                } catch let error as SQLTranslationError {
                    // A name that cannot be written.
                    guard case .invalidName = error else { throw error }
                }
            }
        }
    }

    @Test("with a NUL are rejected", arguments: SQLDialect.allCases)
    func nul(dialect: SQLDialect) {
        let translation = SQLTranslation(dialect: dialect, layout: dialect == .duckdb ? .geoparquet() : .document())
        for filter: Expression in [
            .comparison(.equal, .property("a"), .string("x\0y")), .isNull(.property("a\0")),
            .like(.property("a"), pattern: .string("\0%")),
        ] {
            #expect(throws: SQLTranslationError.nul) { try translation.condition(for: filter) }
        }
    }

    @Test("are numbers as they are, whatever their text")
    func numbers() throws {
        let translation = SQLTranslation(dialect: .duckdb, layout: .geoparquet())
        for (text, expected) in [
            ("1e400", "CAST('Infinity' AS DOUBLE)"), ("-1e400", "CAST('-Infinity' AS DOUBLE)"), ("0.10", "0.1e0"),
            ("123456789012345678901234567890", "1.2345678901234568e+29"), ("-0", "0"), ("1.0", "1"),
        ] {
            let filter = Expression.comparison(.less, .property("a"), .number(JSONNumber(text)!))
            #expect(try translation.condition(for: filter).text == "\"a\" < \(expected)")
        }
    }

    /// What stands outside of quotes, as the database's own lexer sees it; `nil` when a quote is not closed.
    private static func withoutQuoted(_ sql: String, _ dialect: SQLDialect) -> String? {
        var outside = String.UnicodeScalarView()
        var quote: Unicode.Scalar?
        var hasEscapes = false
        var isEscaped = false
        for scalar in sql.unicodeScalars {
            if let open = quote {
                // A doubled quote closes and opens again.
                if isEscaped {
                    isEscaped = false
                } else if hasEscapes, scalar == "\\" {
                    isEscaped = true
                } else if scalar == open {
                    quote = nil
                }
            } else if scalar == "'" || scalar == "\"" {
                hasEscapes = scalar == "'" && dialect == .postgresql && outside.last == "E"
                quote = scalar
            } else {
                outside.append(scalar)
            }
        }
        return quote == nil ? String(outside) : nil
    }
}
