/// A parameter that cannot be what it was meant to be.
struct InvalidParameter: Error, Hashable, CustomStringConvertible {
    let name: String
    /// Goes on from the parameter's name: `must be …`.
    let reason: String

    init(_ name: String, _ reason: String) {
        self.name = name
        self.reason = reason
    }

    var description: String { "Parameter '\(name)' \(reason)." }
}
