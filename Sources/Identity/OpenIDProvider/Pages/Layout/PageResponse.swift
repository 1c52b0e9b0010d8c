import Identity

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
