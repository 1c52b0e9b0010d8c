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

/// Paths to which a sign-in returns.
enum ReturnPath {
    /// - Parameter token: Of the browser's session.
    static func signed(_ path: String, _ token: SessionToken) -> String {
        token.signature(of: purpose(path)) + "." + path
    }

    /// Apart from the signatures of other texts.
    static func purpose(_ path: String) -> String { "return " + path }

    /// - Returns: `nil` for all but paths of the provider on this server.
    static func checked(_ path: String) -> String? {
        guard path.hasPrefix(ProviderPages.prefix + "/"), path.utf8.count <= 16_384,
            path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\\") }),
            !path.prefix(while: { $0 != "?" }).contains("//")
        else { return nil }
        return path
    }

    /// Where the redirects that follow a form may lead: of an authorization request, to its client.
    static func formTargets(_ path: String?) -> [String] {
        guard let path, path.hasPrefix(ProviderPages.prefix + "/authorize?"), let mark = path.firstIndex(of: "?"),
            let fields = try? FormFields(String(path[path.index(after: mark)...])),
            let target = fields["redirect_uri"].flatMap(formTarget)
        else { return [] }
        return [target]
    }

    /// The origin of a URL of http or https, and of others the scheme.
    static func formTarget(_ uri: String) -> String? {
        guard let colon = uri.firstIndex(of: ":") else { return nil }
        let scheme = uri[..<colon].lowercased()
        guard ["http", "https"].contains(scheme) else { return scheme + ":" }
        let rest = uri[uri.index(after: colon)...]
        guard rest.hasPrefix("//") else { return nil }
        return scheme + "://" + rest.dropFirst(2).prefix { !"/?#".contains($0) }
    }
}
