import HTTPEdge
import Identity

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
        authorizationFields(path)?["redirect_uri"].flatMap(formTarget).map { [$0] } ?? []
    }

    /// The name of the account that the client of an authorization request expects.
    static func loginHint(_ path: String?) -> String? {
        authorizationFields(path)?["login_hint"].map { String($0.prefix(100)) }
    }

    private static func authorizationFields(_ path: String?) -> FormFields? {
        guard let path, path.hasPrefix(ProviderPages.prefix + "/authorize?"), let mark = path.firstIndex(of: "?") else {
            return nil
        }
        return try? FormFields(String(path[path.index(after: mark)...]))
    }

    /// The origin of a URL of http or https, and of others the scheme.
    static func formTarget(_ uri: String) -> String? {
        guard let colon = uri.firstIndex(of: ":") else { return nil }
        let scheme = uri[..<colon].lowercased()
        guard ["http", "https"].contains(scheme) else { return scheme + ":" }
        let rest = uri[uri.index(after: colon)...]
        guard rest.hasPrefix("//") else { return nil }
        let authority = rest.dropFirst(2).prefix { !"/?#".contains($0) }
        // Policies know no addresses of IPv6.
        return authority.hasPrefix("[") ? scheme + ":" : scheme + "://" + authority
    }
}
