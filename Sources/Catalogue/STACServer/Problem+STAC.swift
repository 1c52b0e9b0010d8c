import CQL2
import Catalogue
import Geo
import HTTPEdge
import HTTPTypes
import JSON
import STACAPI

extension Problem {
    /// The response to an error of the layers below; `nil` for one that no caller can do anything about.
    init?(_ error: any Error) {
        switch error {
        case let error as Problem: self = error
        case let error as InvalidParameter: self.init(error)
        // A filter that can be read, but not evaluated.
        case let error as CQL2Error: self.init(InvalidParameter("filter", "is wrong: \(error)"))
        case let error as GeoError: self.init(.badRequest, "InvalidGeometry", "A geometry is wrong: \(error).")
        case let error as JSONError: self.init(.badRequest, "InvalidJSON", "The request's body is \(error).")
        case let error as SearchAborted: self.init(error)
        case let error as CatalogueError: self.init(error)
        default: return nil
        }
    }

    private init(_ error: SearchAborted) {
        switch error {
        case .cancelled: self.init(.serviceUnavailable, "Cancelled", "\(error)")
        case .tooManyItemsDecoded: self.init(.badRequest, "SearchTooCostly", "\(error)")
        }
    }

    private init(_ error: InvalidParameter) {
        self.init(.badRequest, "InvalidParameter", "\(error)")
    }

    private init?(_ error: CatalogueError) {
        switch error.code {
        case .noSuchCollection, .noSuchItem: self.init(.notFound, "NotFound", error.message)
        case .collectionExists, .itemExists: self.init(.conflict, "AlreadyExists", error.message)
        case .notWritable: self.init(.forbidden, "NotWritable", error.message)
        case .preconditionFailed: self.init(.preconditionFailed, "PreconditionFailed", error.message)
        case .invalid: self.init(.badRequest, "Invalid", error.message)
        case .storeFull: self.init(Self.insufficientStorage, "StoreFull", error.message)
        case .storeBusy:
            self.init(.serviceUnavailable, "StoreBusy", error.message, headers: [.retryAfter: "1"])
        case .indexDamaged:
            self.init(.serviceUnavailable, "IndexDamaged", error.message, headers: [.retryAfter: "5"])
        case .storeDamaged: self.init(.internalServerError, "Damaged", error.message)
        default: return nil
        }
    }

    /// Source: [RFC 4918, section 11.5](https://www.rfc-editor.org/rfc/rfc4918#section-11.5).
    static let insufficientStorage = HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")

    static func noSuchCollection(_ id: String) -> Problem {
        Problem(.notFound, "NotFound", "There is no Collection \"\(id)\".")
    }

    static let changed = Problem(
        .preconditionFailed, "PreconditionFailed",
        "It has been changed: the stored version is not the one that If-Match names.")

    static let exists = Problem(
        .preconditionFailed, "PreconditionFailed", "There is a version already that If-None-Match excludes.")

    static func bodyMustBe(_ what: String) -> Problem {
        Problem(.badRequest, "InvalidBody", "The request's body must be \(what).")
    }
}
