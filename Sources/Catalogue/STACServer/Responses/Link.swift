import JSON

/// A link that the API generates.
struct Link: Sendable, Hashable {
    var rel: String
    var type: String
    var href: String
    var title: String?
    /// Language tag of the texts there.
    var language: String?
    /// `POST` with the body to send; `nil`: GET.
    var post: JSONObject?

    init(_ rel: String, _ type: String, _ href: String, title: String? = nil, post: JSONObject? = nil) {
        self.rel = rel
        self.type = type
        self.href = href
        self.title = title
        self.post = post
    }

    func inLanguage(_ language: String?) -> Link {
        var link = self
        link.language = language
        return link
    }

    var json: JSONValue {
        var object: JSONObject = ["rel": .string(rel), "type": .string(type), "href": .string(href)]
        if let title = title ?? Self.titles[rel] { object["title"] = .string(title) }
        if let language { object["hreflang"] = .string(language) }
        if let post {
            object["method"] = "POST"
            object["body"] = .object(post)
            // The body is complete: clients must not add theirs to it.
            object["merge"] = false
        }
        return .object(object)
    }

    /// Of links that have no title of their own, for people.
    private static let titles = [
        "self": "This document", "root": "Root catalog", "parent": "Parent", "collection": "Collection",
        "items": "Items",
        "next": "Next page", "prev": "Previous page",
    ]

    static func json(_ links: [Link]) -> JSONValue { .array(links.map(\.json)) }
}
