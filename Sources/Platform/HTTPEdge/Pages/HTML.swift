/// Text of an HTML document.
public struct HTML: Sendable, ExpressibleByStringInterpolation {
    /// Interpolated text is escaped, unless it is HTML itself.
    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        public init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity * 2) }

        public mutating func appendLiteral(_ literal: String) { text += literal }
        public mutating func appendInterpolation(_ html: HTML) { text += html.text }
        public mutating func appendInterpolation(_ html: [HTML]) { for part in html { text += part.text } }
        public mutating func appendInterpolation(_ value: Int) { text += String(value) }
        public mutating func appendInterpolation(_ plain: String) { text += HTML.escaped(plain) }
    }

    public private(set) var text: String

    public init(stringLiteral value: String) { text = value }
    public init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    /// One of two literals, which in a conditional expression of an interpolation would be plain text.
    public static func when(_ condition: Bool, _ html: HTML, else other: HTML = "") -> HTML { condition ? html : other }

    public static func += (html: inout HTML, more: HTML) { html.text += more.text }

    private static func escaped(_ plain: String) -> String {
        guard plain.utf8.contains(where: { "&<>\"'".utf8.contains($0) }) else { return plain }
        var output = ""
        for scalar in plain.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            case "'": output += "&#39;"
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
    }
}
