import HTTPEdge
import HTTPTypes

/// A page before it is laid out.
struct Page: Sendable {
    var title: String
    var status = HTTPResponse.Status.ok
    /// What is wrong with the form that was sent; said first.
    var errors: [PageError] = []
    /// What was done.
    var notice: String?
    var body: HTML
    /// See `PagePolicy`.
    var formTargets: [String] = []
    /// Whether it has forms that use passkeys.
    var usesPasskeys = false
    var isWide = false
    /// Who is signed in.
    var account: String?

    init(_ title: String, _ body: HTML) {
        self.title = title
        self.body = body
    }
}
