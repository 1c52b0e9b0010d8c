import HTTPEdge
import HTTPTypes
import Identity

/// The request of a browser for a page, or with a form.
struct PageVisit: Sendable {
    let request: EdgeRequest
    let query: FormFields
    let form: FormFields
    /// The browser's; a new one where it has sent none.
    let token: SessionToken
    let isNew: Bool
    /// `nil`: nobody has signed in.
    let session: BrowserSession?
    let client: SessionClient

    var path: String { String((request.head.path ?? "").prefix { $0 != "?" }) }

    func actor(_ name: String) -> AuditActor { AuditActor(name, address: client.address) }

    /// Where to go after signing in: only what the server itself has given out in this session.
    var returnPath: String? {
        guard let text = form["return"] ?? query["return"], let dot = text.firstIndex(of: "."),
            token.isSignature(String(text[..<dot]), of: ReturnPath.purpose(String(text[text.index(after: dot)...])))
        else { return nil }
        return ReturnPath.checked(String(text[text.index(after: dot)...]))
    }
}
