/// A parameter with an invalid value.
struct InvalidParameter: Error, Hashable, CustomStringConvertible {
    let name: String
    /// Continues after the parameter's name: `must be …`.
    let reason: String

    init(_ name: String, _ reason: String) {
        self.name = excerpt(name, byteCount: 2_000)
        self.reason = excerpt(reason, byteCount: 2_000)
    }

    var description: String { "Parameter '\(name)' \(reason)." }
}

/// A text from a request as it is repeated in the response, which need not be as long as the request.
///
/// - Parameter byteCount: In UTF-8; beyond it the middle is left out.
func excerpt(_ text: String, byteCount: Int) -> String {
    guard text.utf8.count > byteCount else { return text }
    // Not by characters, one of which may be as long as the text.
    func part(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }
    return part(text.utf8.prefix(byteCount / 2)) + " … " + part(text.utf8.suffix(byteCount / 4))
}
