import HTTPEdge
import Identity

extension ProviderPages {
    /// Somebody with two factors who has not accepted the terms yet.
    private func accepting(_ visit: PageVisit) throws -> (name: String, terms: PageConfiguration.Terms) {
        guard let session = visit.session, session.step == .complete, let name = session.account else {
            throw PageDetour(response: .redirect(path("/login", returning: visit.returnPath, visit.token)))
        }
        guard let terms = configuration.terms else { throw PageDetour(response: onward(visit, token: nil)) }
        return (name, terms)
    }

    func termsPage(_ visit: PageVisit, errors: [PageError] = []) async throws -> PageResponse {
        let (name, terms) = try accepting(visit)
        var page = Page(
            "Terms of use",
            """
            <p>To use \(configuration.title), you have to accept its terms, version \(terms.version).</p>
            \(Self.termsText(terms))\(form("/terms", visit, """
                \(Self.termsBox)<button>Accept</button>

                """))
            <p class="soft">If you do not accept them, sign out.</p>
            """)
        page.errors = errors
        page.account = name
        page.formTargets = ReturnPath.formTargets(visit.returnPath)
        return .page(page)
    }

    func acceptTerms(_ visit: PageVisit) async throws -> PageResponse {
        let (name, terms) = try accepting(visit)
        guard visit.form.isTicked("terms") else {
            return try await termsPage(visit, errors: [PageError("terms", "Tick the box to accept the terms.")])
        }
        try await store.acceptTerms(terms.version, of: name, by: visit.actor(name))
        return onward(visit, token: nil)
    }

    static var termsBox: HTML {
        FormField.checkbox("terms", "I have read the terms of use and accept them.", isRequired: true)
    }

    static func termsText(_ terms: PageConfiguration.Terms) -> HTML {
        var paragraphs: [HTML] = []
        var lines: [Substring] = []
        func end() {
            defer { lines = [] }
            guard let first = lines.first else { return }
            if first.hasPrefix("# ") {
                paragraphs.append("<h2>\(String(first.dropFirst(2)))</h2>\n")
                lines.removeFirst()
            }
            if !lines.isEmpty { paragraphs.append("<p>\(lines.joined(separator: "\n"))</p>\n") }
        }
        for line in terms.text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.allSatisfy(\.isWhitespace) { end() } else { lines.append(line) }
        }
        end()
        return """
            <section class="terms" tabindex="0" aria-label="Terms of use">
            \(paragraphs)</section>

            """
    }
}
