import HTTPEdge
import HTTPTypes
import JSON

/// The description of the API for people: one page that loads nothing and runs nothing.
struct DocumentationPage {
    private let configuration: STACServer.Configuration
    private let operations: [APIOperation]
    private let location: APILocation
    private let policy = PagePolicy()

    init(_ configuration: STACServer.Configuration, _ operations: [APIOperation], _ location: APILocation) {
        self.configuration = configuration
        self.operations = operations
        self.location = location
    }

    var contentSecurityPolicy: String { policy.text }

    var html: String {
        let tags = APIOperation.Tag.allCases.map { tag in (tag, operations.filter { $0.tag == tag }) }
        let document: HTML = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(configuration.title)</title>
            <style nonce="\(policy.nonce)">\(Self.style)</style>
            </head>
            <body>
            \(introduction)
            <nav aria-label="Contents">
            <details><summary>Contents</summary>
            \(tags.map(contents))
            <p><a href="#schemas">Schemas</a></p>
            </details>
            </nav>
            <main>
            \(tags.map(section))
            \(schemas)
            </main>
            </body>
            </html>

            """
        return document.text
    }

    private func contents(_ tag: APIOperation.Tag, _ operations: [APIOperation]) -> HTML {
        let entries = operations.map { operation -> HTML in
            """
            <li><a href="#\(operation.id)"><span class="method">\(operation.method.rawValue)</span> \
            <span>\(breakable(operation.path))</span></a></li>

            """
        }
        return "<p><a href=\"#\(tag.anchor)\">\(tag.rawValue)</a></p>\n<ul>\n\(entries)</ul>\n"
    }

    private var introduction: HTML {
        """
        <header>
        <h1>\(configuration.title)</h1>
        <p>\(configuration.description)</p>
        <dl>
        <dt>Address</dt><dd><a href="\(location.landingPage)"><code>\(breakable(location.root))</code></a></dd>
        <dt>For programs</dt><dd><a href="\(location.openAPI)">OpenAPI 3.1</a>, \
        <a href="\(location.conformance)">conformance classes</a></dd>
        </dl>
        <p>\(OpenAPIDocument.generalities)</p>
        </header>
        """
    }

    private func section(_ tag: APIOperation.Tag, _ operations: [APIOperation]) -> HTML {
        """
        <section>
        <h2 id="\(tag.anchor)">\(tag.rawValue)</h2>
        \(operations.map { OperationSection($0, location).html })
        </section>

        """
    }

    private var schemas: HTML {
        let sections = APISchema.Name.allCases.map { name in SchemaSection(name).html }
        return """
            <section>
            <h2 id="schemas">Schemas</h2>
            <p>Members with an asterisk are there always.</p>
            \(sections)
            </section>
            """
    }
}

extension APIOperation.Tag {
    /// The group's anchor on the page.
    fileprivate var anchor: String {
        rawValue.lowercased().split(separator: " ").joined(separator: "-")
    }
}

/// A path or URL that lines may be broken in, after slashes.
func breakable(_ text: String) -> HTML {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    return "\(parts[0])\(parts.dropFirst().map { "/<wbr>\($0)" as HTML })"
}
