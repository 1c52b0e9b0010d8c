/// A condition on texts: the parsed parameter `q`.
///
/// Source: [STAC API - Free-Text Search 1.0.0-rc.1](https://github.com/stac-api-extensions/freetext-search).
public indirect enum FreeTextExpression: Sendable, Hashable {
    case phrase(FreeTextPhrase)
    case and([FreeTextExpression])
    case or([FreeTextExpression])
    case not(FreeTextExpression)

    /// - Parameter holds: Whether the text has a phrase.
    public func isTrue(_ holds: (FreeTextPhrase) -> Bool) -> Bool {
        switch self {
        case .phrase(let phrase): holds(phrase)
        case .and(let parts): parts.allSatisfy { $0.isTrue(holds) }
        case .or(let parts): parts.contains { $0.isTrue(holds) }
        case .not(let part): !part.isTrue(holds)
        }
    }

    public func matches(_ document: FreeTextDocument) -> Bool { isTrue { document.contains($0) } }

    /// All phrases in it, in the order in which they are written.
    public var phrases: [FreeTextPhrase] {
        switch self {
        case .phrase(let phrase): [phrase]
        case .and(let parts), .or(let parts): parts.flatMap(\.phrases)
        case .not(let part): part.phrases
        }
    }

    static func all(_ parts: [FreeTextExpression]) -> FreeTextExpression { parts.count == 1 ? parts[0] : .and(parts) }

    static func any(_ parts: [FreeTextExpression]) -> FreeTextExpression { parts.count == 1 ? parts[0] : .or(parts) }
}
