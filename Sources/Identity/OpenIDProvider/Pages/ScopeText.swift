import Access
import Identity

/// Scopes in plain words.
enum ScopeText {
    /// Those of what the platform's interfaces do, the most frequent first.
    static let resources: [(scope: Scope, sentence: String)] = [
        (Scope("collections:read"), "Read your own and shared collections"),
        (Scope("collections:write"), "Create, change and delete your own and shared collections"),
        (Scope("catalogue:write"), "Change the public catalogue"),
        (Scope("administration"), "Manage people and containers"),
    ]

    private static let people: [(scope: Scope, sentence: String)] = [
        (Scope("openid"), "Know your user name"), (Scope("profile"), "Know your name"),
        (Scope("email"), "Know your e-mail address"), (Scope("groups"), "Know the containers that you are a member of"),
        (Scope("offline_access"), "Stay signed in when you close the browser, until you sign it out"),
    ]

    static func sentence(_ scope: Scope) -> String {
        (resources + people).first { $0.scope == scope }?.sentence ?? "Use the scope \(scope)"
    }

    /// Whether an account may do what a scope is for: a token has no rights that its account lacks.
    static func isUsable(_ scope: Scope, by account: Account) -> Bool {
        switch scope.rawValue {
        case "catalogue:write": account.roles.contains(.curator)
        case "administration": account.roles.contains(.administrator)
        default: true
        }
    }

    /// Of those that the account may use, in the order above.
    static func sentences(_ scopes: Set<Scope>, for account: Account) -> [String] {
        let scopes = scopes.filter { isUsable($0, by: account) }
        let known = (people + resources).filter { scopes.contains($0.scope) }
        let others = scopes.subtracting(known.map(\.scope)).map(\.rawValue).sorted().map { sentence(Scope($0)) }
        return known.map(\.sentence) + others
    }
}
