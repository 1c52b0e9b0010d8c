import CQL2

/// The letters that `TextFolding` changes, with their replacements.
struct FoldingTable: Sendable {
    /// Letters that become one letter or none: first the letters that become one, in the order of `to`.
    let from: String
    let to: String
    /// Letters that become several.
    let expansions: [(letter: String, letters: String)]

    static let caseFolding = FoldingTable(TextFolding.caseFolded)
    static let accents = FoldingTable(TextFolding.withoutAccents)

    /// - Parameter fold: Treats each scalar by itself.
    private init(_ fold: (String) -> String) {
        var (from, to, removed) = (String.UnicodeScalarView(), String.UnicodeScalarView(), String.UnicodeScalarView())
        var expansions: [(letter: String, letters: String)] = []
        // Beyond are no letters with cases or accents, but for marks of the plane that has none assigned.
        for value in UInt32(1)..<0x20000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = String(scalar)
            let folded = fold(text)
            guard !folded.utf8.elementsEqual(text.utf8) else { continue }
            switch folded.unicodeScalars.count {
            case 0: removed.append(scalar)
            case 1:
                from.append(scalar)
                to.append(contentsOf: folded.unicodeScalars)
            default: expansions.append((text, folded))
            }
        }
        from.append(contentsOf: removed)
        self.from = String(from)
        self.to = String(to)
        self.expansions = expansions
    }
}
