import HTTPEdge
import HTTPTypes
import NIOCore

/// Makes documents of pages: one design for all of them.
struct PageLayout: Sendable {
    /// Name of the platform.
    let title: String

    func response(_ page: Page, token: String) -> EdgeResponse {
        let policy = PagePolicy(formTargets: page.formTargets, runsScript: page.usesPasskeys)
        var response = EdgeResponse(
            status: page.status, headers: Self.headers, body: ByteBuffer(string: html(page, policy, token: token).text))
        response.headers[.contentType] = "text/html; charset=utf-8"
        response.headers[.contentSecurityPolicy] = policy.text
        return response
    }

    /// Of all responses of pages: nothing is kept, and no address goes to other sites.
    static let headers: HTTPFields = [
        .cacheControl: "no-store", .referrerPolicy: "no-referrer", .xFrameOptions: "DENY",
    ]

    private func html(_ page: Page, _ policy: PagePolicy, token: String) -> HTML {
        let script: HTML =
            page.usesPasskeys ? "<script nonce=\"\(policy.nonce)\">\(PasskeyScript.text)</script>\n" : ""
        let width = page.isWide ? "wide" : "narrow"
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="robots" content="noindex">
            <title>\(page.errors.isEmpty ? "" : "Error: ")\(page.title) – \(title)</title>
            <style nonce="\(policy.nonce)">\(PageStyle.text)</style>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the content</a>
            <header class="top">
            <a class="brand" href="\(ProviderPages.prefix)/account">\(Self.logo)<span>\(title)</span></a>
            \(session(page, token: token))</header>
            <main id="main" class="\(width)">
            \(summary(page.errors))\(notice(page.notice))<h1>\(page.title)</h1>
            \(page.body)
            </main>
            \(script)</body>
            </html>

            """
    }

    private func session(_ page: Page, token: String) -> HTML {
        guard let account = page.account else { return "" }
        return """
            <form class="session" method="post" action="\(ProviderPages.prefix)/logout">
            <input type="hidden" name="csrf" value="\(token)">
            <span>Signed in as <strong>\(account)</strong></span>
            <button class="quiet">Sign out</button>
            </form>

            """
    }

    private func summary(_ errors: [PageError]) -> HTML {
        guard !errors.isEmpty else { return "" }
        let items = errors.map { error -> HTML in
            guard let field = error.field else { return "<li>\(error.message)</li>\n" }
            return "<li><a href=\"#\(field)\">\(error.message)</a></li>\n"
        }
        return """
            <div class="summary" role="alert">
            <h2>\(errors.count == 1 ? "There is a problem" : "There are problems")</h2>
            <ul>
            \(items)</ul>
            </div>

            """
    }

    private func notice(_ text: String?) -> HTML {
        guard let text else { return "" }
        return "<p class=\"notice\" role=\"status\">\(text)</p>\n"
    }

    private static let logo: HTML = """
        <svg width="28" height="28" viewBox="0 0 28 28" aria-hidden="true" focusable="false">
        <circle cx="14" cy="14" r="12" fill="none" stroke="currentColor" stroke-width="2.5"/>
        <path d="M2.5 16.5c5-4.5 9-4.5 12-1s7 3 11-.5M6 23c4-3 8-3 11.5-.5" fill="none" stroke="currentColor" \
        stroke-width="2.5" stroke-linecap="round"/>
        </svg>
        """
}
