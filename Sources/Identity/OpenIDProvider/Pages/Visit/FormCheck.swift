import HTTPEdge
import HTTPTypes
import Identity

/// Whether a form comes from a page of ours, in the session for which the page was made.
enum FormCheck {
    enum Fault: Sendable, Hashable {
        /// It was sent by another site.
        case foreign
        /// The browser has sent no cookie.
        case noCookie
        /// It belongs to a session that is over, such as one of another tab's sign-in.
        case stale
    }

    /// - Parameter origin: Of the provider.
    static func fault(_ visit: PageVisit, origin: String) -> Fault? {
        guard isOwn(visit.request.head.headerFields, origin: origin) else { return .foreign }
        guard !visit.isNew else { return .noCookie }
        return visit.token.isFormToken(visit.form.text("csrf")) ? nil : .stale
    }

    /// Browsers say from where a form is sent. Where they leave it out, which they do with http only, the token decides alone.
    ///
    /// Source: [Fetch Metadata](https://www.w3.org/TR/fetch-metadata/), [Fetch, `Origin`](https://fetch.spec.whatwg.org/#origin-header).
    static func isOwn(_ fields: HTTPFields, origin: String) -> Bool {
        if let site = fields[.secFetchSite] { return site == "same-origin" || site == "none" }
        // "null" is what our own pages send, whose policy is to send no referrer.
        if let sender = fields[.origin], sender != "null" { return sender == origin }
        return origin.hasPrefix("http://")
    }
}

extension HTTPField.Name {
    static let secFetchSite = Self("Sec-Fetch-Site")!
    static let referrerPolicy = Self("Referrer-Policy")!
    static let xFrameOptions = Self("X-Frame-Options")!
}
