/// A parameter with an invalid value.
struct InvalidParameter: Error, Hashable, CustomStringConvertible {
    let name: String
    /// Continues after the parameter's name: `must be …`.
    let reason: String

    init(_ name: String, _ reason: String) {
        self.name = Self.excerpt(name)
        self.reason = Self.excerpt(reason)
    }

    /// What is said about a request need not be as long as the request.
    private static func excerpt(_ text: String) -> String {
        text.utf8.count <= 2_000 ? text : text.prefix(1_000) + " … " + text.suffix(500)
    }

    var description: String { "Parameter '\(name)' \(reason)." }
}
