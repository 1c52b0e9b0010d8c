/// A parameter with an invalid value.
struct InvalidParameter: Error, Hashable, CustomStringConvertible {
    let name: String
    /// Continues after the parameter's name: `must be …`.
    let reason: String

    init(_ name: String, _ reason: String) {
        self.name = name
        self.reason = reason
    }

    var description: String { "Parameter '\(name)' \(reason)." }
}
