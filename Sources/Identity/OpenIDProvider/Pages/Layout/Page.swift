import HTTPEdge
import HTTPTypes
import Identity

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

/// A sentence about what is wrong, with the field that it is about.
struct PageError: Error, Sendable, Hashable {
    /// Id of the field; `nil`: the form as a whole.
    let field: String?
    let message: String

    init(_ field: String? = nil, _ message: String) {
        self.field = field
        self.message = message
    }
}

/// What a page responds with.
struct PageResponse: Sendable {
    enum Content: Sendable {
        case page(Page)
        /// With 303: the browser goes on with GET.
        case redirect(String)
        case json([UInt8])
    }

    let content: Content
    /// Of the session from now on; `nil`: as before.
    var token: SessionToken?
    /// Whether the browser forgets its session.
    var endsSession = false

    static func page(_ page: Page) -> PageResponse { PageResponse(content: .page(page)) }
    static func redirect(_ location: String) -> PageResponse { PageResponse(content: .redirect(location)) }
    static func json(_ bytes: [UInt8]) -> PageResponse { PageResponse(content: .json(bytes)) }
}

/// Leaves a page for another one.
struct PageDetour: Error {
    let response: PageResponse
}
