import CQL2
import STACAPI

/// How much of everything a request may ask for. Each is more than honest clients send, and little enough that one
/// request costs little; a request with more gets an error that names the parameter and the limit.
enum RequestLimits {
    static let idCount = 10_000
    static let collectionCount = 10_000
    static let sortKeyCount = 32
    static let fieldCount = 1_000
    static let aggregationCount = 100
    /// Of filters, `query` included; names of properties are limited likewise in `sortby` and `fields`.
    static let filter = ExpressionLimits()

    static func check(_ count: Int, _ limit: Int, of what: String, in parameter: String) throws(InvalidParameter) {
        guard count <= limit else { throw InvalidParameter(parameter, "has \(count) \(what); the limit is \(limit)") }
    }

    /// Checks a name of which dots lead into objects within objects.
    static func check(name: String, in parameter: String) throws(InvalidParameter) {
        do {
            try filter.check(propertyName: name)
        } catch {
            throw InvalidParameter(parameter, "has \(error)")
        }
    }
}
