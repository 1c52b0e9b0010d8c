import HTTPTypes
import JSON
import NIOCore

/// A JSON response as a page, for people who follow its links in a browser. Nothing on it runs, and nothing is loaded.
struct BrowserPage {
    /// Longer responses are not taken apart, in bytes.
    private static let longestParsed = 1 << 20
    /// Of text that is shown, in bytes.
    private static let longestShown = 256 << 10

    // MARK: Negotiation

    /// Whether a client would rather have a page than JSON, as browsers would: curl and libraries take anything, or ask for
    /// JSON.
    ///
    /// Source: [RFC 9110, section 12.5.1](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1).
    static func isRequested(by head: HTTPRequest) -> Bool {
        guard head.method == .get || head.method == .head, let accept = head.headerFields[.accept] else { return false }
        var (page, other) = (0.0, 0.0)
        for range in accept.split(separator: ",") {
            let parts = range.split(separator: ";").map { trimmed($0).lowercased() }
            guard let type = parts.first else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            switch type {
            case "text/html", "application/xhtml+xml": page = max(page, weight)
            // Any that a resource may have.
            case "*/*", "application/*": other = max(other, weight)
            case let type where type.hasSuffix("json") || type.hasSuffix("parquet"): other = max(other, weight)
            default: break
            }
        }
        return page > other
    }

    /// Makes the handler respond with a document that can be taken apart.
    static func prepare(_ head: inout HTTPRequest) {
        head.headerFields[.acceptEncoding] = nil
        // The tags are those of the JSON.
        head.headerFields[.ifNoneMatch] = nil
    }

    static func canShow(_ response: EdgeResponse) -> Bool {
        guard response.stream == nil, let type = response.headers[.contentType] else { return false }
        if type == "application/json" || type == "application/geo+json" { return true }
        let name = trimmed(type.lowercased().prefix { $0 != ";" })
        return name == "application/json" || name.hasSuffix("+json")
    }

    static func response(_ response: EdgeResponse, for head: HTTPRequest, _ edge: EdgeServer) -> EdgeResponse {
        let page = BrowserPage(response, path: head.path ?? "")
        var result = response
        result.headers[.contentType] = "text/html; charset=utf-8"
        result.headers[.contentSecurityPolicy] = page.policy.text
        result.headers[.eTag] = nil
        result.body = edge.compressed(ByteBuffer(string: page.html.text), for: head, &result.headers)
        result.held = nil
        return result
    }

    // MARK: The page

    private let policy = PagePolicy()
    private let path: String
    private let document: JSONValue?
    /// Of a document that is not taken apart.
    private let text: String
    private let status: HTTPResponse.Status

    private init(_ response: EdgeResponse, path: String) {
        self.path = path
        status = response.status
        let isShort = response.body.readableBytes <= Self.longestParsed
        document = isShort ? try? JSONValue(parsing: Array(response.body.readableBytesView)) : nil
        text =
            document == nil
            ? String(decoding: response.body.readableBytesView.prefix(Self.longestShown), as: UTF8.self) : ""
    }

    private var title: String {
        if status.code >= 400 { return "\(status.code) \(status.reasonPhrase)" }
        let name = document?["title"]?.string ?? document?["id"]?.string
        let shown = name.flatMap { $0.isEmpty ? nil : $0 } ?? String(path.prefix { $0 != "?" })
        return String(shown.prefix(200))
    }

    private var html: HTML {
        var description: HTML = ""
        for name in status.code >= 400 ? ["detail"] : ["description"] {
            if let text = document?[name]?.string { description = "<p>\(String(text.prefix(4_096)))</p>\n" }
        }
        let page: HTML = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(title)</title>
            <style nonce="\(policy.nonce)">\(Self.style)</style>
            </head>
            <body>
            <header>
            <p><a href="/">Start</a> <code>\(loggable(path))</code></p>
            <h1>\(title)</h1>
            \(description)</header>
            <main>
            \(links)<pre>\(content)</pre>
            <p>Programs that ask for <code>application/json</code> get this as JSON: <code>curl</code> does.</p>
            </main>
            </body>
            </html>

            """
        return page
    }

    /// The document's links, of its own and of its parts that have no others.
    private var links: HTML {
        let entries = (document?["links"]?.array ?? []).prefix(1_000).compactMap { link -> HTML? in
            guard let href = link["href"]?.string, isSafe(href), link["method"]?.string ?? "GET" == "GET" else {
                return nil
            }
            let relation = link["rel"]?.string ?? ""
            return "<li><a href=\"\(href)\">\(link["title"]?.string ?? relation)</a> <small>\(relation)</small></li>\n"
        }
        return entries.isEmpty ? "" : "<ul>\n\(Array(entries))</ul>\n"
    }

    private var content: HTML {
        guard let document else {
            let rest: HTML = text.utf8.count < Self.longestShown ? "" : "\n… (cut here)"
            return "\(text)\(rest)"
        }
        var writer = Writer(longest: Self.longestShown)
        writer.write(document, depth: 0)
        return writer.html
    }

    /// JSON with its URLs as links.
    private struct Writer {
        let longest: Int
        var html: HTML = ""
        var isFull = false

        init(longest: Int) {
            self.longest = longest
        }

        mutating func write(_ value: JSONValue, depth: Int) {
            switch value {
            case .object(let object) where !object.isEmpty:
                write("{", "}", object.members, depth) { writer, member in
                    writer.append("\(JSONValue.string(member.name).jsonText): ")
                    writer.write(member.value, depth: depth + 1)
                }
            case .array(let values) where !values.isEmpty:
                write("[", "]", values, depth) { $0.write($1, depth: depth + 1) }
            case .string(let text) where isSafe(text) && text.contains("://"):
                append("<a href=\"\(text)\">\(value.jsonText)</a>")
            default: append("\(value.jsonText)")
            }
        }

        private mutating func write<Element>(
            _ opening: HTML, _ closing: HTML, _ elements: [Element], _ depth: Int,
            _ body: (inout Writer, Element) -> Void
        ) {
            append(opening)
            for (index, element) in elements.enumerated() {
                guard !isFull else { return }
                append("\(index > 0 ? "," : "")\n\(String(repeating: " ", count: 2 * depth + 2))")
                body(&self, element)
            }
            append("\n\(String(repeating: " ", count: 2 * depth))")
            append(closing)
        }

        private mutating func append(_ more: HTML) {
            guard !isFull else { return }
            html += more
            guard html.text.utf8.count > longest else { return }
            isFull = true
            html += "\n… (cut here)"
        }
    }

    private static let style: HTML = """

        body { margin: 0 auto; padding: 1rem; max-width: 70rem; font: 16px/1.5 system-ui, sans-serif; }
        h1 { line-height: 1.2; overflow-wrap: anywhere; }
        pre { padding: 1rem; overflow-x: auto; border: 1px solid #8884; font-size: 0.8125rem; }
        code, pre { font-family: ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
        ul { columns: 20rem; padding-left: 1.25rem; }

        """
}

/// Whether a link may be followed: no scripts.
private func isSafe(_ href: String) -> Bool {
    href.hasPrefix("https://") || href.hasPrefix("http://") || (href.hasPrefix("/") && !href.hasPrefix("//"))
}
