/// A value that a condition compares with, to be bound to a parameter.
public enum SQLValue: Sendable, Hashable {
    case integer(Int64)
    /// Finite.
    case number(Double)
    /// Without NUL.
    case text(String)
    case boolean(Bool)
}

extension SQLValue {
    /// The value as part of a statement. Nothing in it can end the literal that it is.
    func literal(_ dialect: SQLDialect) -> String {
        switch self {
        case .integer(let value): value < 0 ? "(\(value))" : "\(value)"
        case .number(let value):
            // The exponent makes it a double also where a fraction alone would be a decimal. A minus in parentheses
            // cannot become the start of a comment.
            value < 0 ? "(\(Self.digits(value)))" : Self.digits(value)
        case .boolean(let value): value ? "TRUE" : "FALSE"
        case .text(let text):
            // Backslashes may be escapes in PostgreSQL's plain literals, as the server is configured; in these they
            // are.
            dialect == .postgresql && text.utf8.contains(UInt8(ascii: "\\"))
                ? "E" + text.replacingScalar("\\", by: "\\\\").quoted("'") : text.quoted("'")
        }
    }

    /// The shortest digits that read back as the same double.
    private static func digits(_ value: Double) -> String {
        let text = "\(value)"
        return text.utf8.contains(UInt8(ascii: "e")) ? text : text + "e0"
    }
}

extension String {
    /// Between two `mark`s, with inner ones doubled.
    func quoted(_ mark: Unicode.Scalar) -> String {
        "\(mark)" + replacingScalar(mark, by: "\(mark)\(mark)") + "\(mark)"
    }

    func replacingScalar(_ scalar: Unicode.Scalar, by replacement: String) -> String {
        guard unicodeScalars.contains(scalar) else { return self }
        var result = ""
        for each in unicodeScalars {
            if each == scalar { result += replacement } else { result.unicodeScalars.append(each) }
        }
        return result
    }
}
