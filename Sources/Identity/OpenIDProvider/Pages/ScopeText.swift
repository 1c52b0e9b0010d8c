import Access

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

    /// Of all, in the order above.
    static func sentences(_ scopes: Set<Scope>) -> [String] {
        let known = (people + resources).filter { scopes.contains($0.scope) }
        let others = scopes.subtracting(known.map(\.scope)).map(\.rawValue).sorted().map { sentence(Scope($0)) }
        return known.map(\.sentence) + others
    }
}
