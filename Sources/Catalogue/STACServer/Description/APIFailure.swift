/// The failures, by status; and `notModified`, which is no success either.
enum APIFailure: Int, Sendable, CaseIterable {
    case notModified = 304
    case badRequest = 400
    case unauthorized = 401
    case forbidden = 403
    case notFound = 404
    case conflict = 409
    case preconditionFailed = 412
    case tooLarge = 413
    case unsupportedMediaType = 415
    case tooManyRequests = 429
    case serverError = 500
    case unavailable = 503
    case storeFull = 507

    var description: String {
        switch self {
        case .notModified: "The client has the current version"
        case .badRequest: "A parameter or the body is invalid; the response names it and the reason"
        case .unauthorized: "The token is missing or wrong"
        case .forbidden: "The token does not have the right, or the server takes no writes"
        case .notFound: "There is no such Collection, Item or period"
        case .conflict: "The id exists already"
        case .preconditionFailed: "The current version is not the one in If-Match, or one that If-None-Match excludes"
        case .tooLarge: "The body is too large"
        case .unsupportedMediaType: "The body has another form, or coding, than can be taken"
        case .tooManyRequests: "Too many requests of this client, at once or in a short time"
        case .serverError: "A fault of the server, whose log has the reason"
        case .unavailable: "Overloaded, or it took too long"
        case .storeFull: "The disk is full, or a quota is used up"
        }
    }

    var headers: [APIHeader] {
        switch self {
        case .notModified: [.requestID, .entityTag]
        case .unauthorized: [.requestID, .contentLanguage, .authenticate]
        case .unsupportedMediaType: [.requestID, .contentLanguage, .acceptPatch]
        case .tooManyRequests, .unavailable: [.requestID, .contentLanguage, .retryAfter]
        default: [.requestID, .contentLanguage]
        }
    }
}
