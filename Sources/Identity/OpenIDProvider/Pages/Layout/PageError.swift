/// A sentence about what is wrong, with the field that it is about.
struct PageError: Error, Sendable, Hashable {
    /// Id of the field; `nil`: the form as a whole.
    let field: String?
    let message: String

    init(_ field: String? = nil, _ message: String) {
        self.field = field
        self.message = message
    }
}
