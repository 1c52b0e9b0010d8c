/// A response of success.
struct APIResponse: Sendable {
    let status: Int
    let description: String
    /// Media types with their schemas; `nil`: any text.
    let content: [(type: String, schema: APISchema.Name?)]
    /// Headers beside the common ones.
    let headers: [APIHeader]

    init(
        status: Int = 200, _ description: String, _ content: [(type: String, schema: APISchema.Name?)],
        headers: [APIHeader] = []
    ) {
        self.status = status
        self.description = description
        self.content = content
        self.headers = headers
    }

    init(
        status: Int = 200, _ description: String, _ schema: APISchema.Name?, _ type: String = MediaType.json,
        headers: [APIHeader] = []
    ) {
        self.init(status: status, description, [(type, schema)], headers: headers)
    }
}

extension APIResponse {
    static let minimal = APIResponse(
        status: 204, "Done, for a client that prefers no body", [], headers: [.entityTag, .preferenceApplied])
}

/// A header of responses.
enum APIHeader: String, Sendable, CaseIterable {
    case requestID = "X-Request-Id"
    case entityTag = "ETag"
    case location = "Location"
    case contentLanguage = "Content-Language"
    case retryAfter = "Retry-After"
    case authenticate = "WWW-Authenticate"
    case acceptPatch = "Accept-Patch"
    case contentSecurityPolicy = "Content-Security-Policy"
    case preferenceApplied = "Preference-Applied"

    var description: String {
        switch self {
        case .requestID: "The client's own if it sent one of up to 128 printable characters; the log has it, too"
        case .entityTag: "The version of a single document, for If-Match and If-None-Match"
        case .location: "Address of the created object, if it is a single one"
        case .contentLanguage: "The language of the texts"
        case .retryAfter: "Seconds until it is worth trying again"
        case .authenticate: "The required kind of token"
        case .acceptPatch: "The media types that PATCH takes"
        case .preferenceApplied: "Which of the client's preferences has been followed"
        case .contentSecurityPolicy: "The page may load nothing but its own style"
        }
    }

    /// Whether it is always present where it is documented.
    var isRequired: Bool {
        switch self {
        case .requestID, .authenticate, .contentSecurityPolicy, .preferenceApplied: true
        // Several objects, or one in an unknown language, have none.
        case .entityTag, .location, .contentLanguage, .retryAfter, .acceptPatch: false
        }
    }
}
