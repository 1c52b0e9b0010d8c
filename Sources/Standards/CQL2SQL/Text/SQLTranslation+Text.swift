import CQL2

/// The functions CASEI and ACCENTI.
enum TextFoldingKind {
    case caseFolding, accents

    var name: String { self == .caseFolding ? "CASEI" : "ACCENTI" }
}

extension SQLTranslation {
    /// `operand LIKE pattern`; the pattern is a literal, folded or not.
    func like(_ operand: Operand, _ pattern: Operand) throws(SQLTranslationError) -> SQLFragment {
        let text = try term(operand)
        if text.time != nil {
            throw unsupported("LIKE on the time '\(text.name)'", "how the time was written is not known")
        }
        guard let string = text.string, case .string(let pattern)? = try term(pattern).constant else {
            return constant(nil)
        }
        let elements = LikeElement.elements(of: pattern)
        if dialect == .sqlite {
            // GLOB, since LIKE takes capitals and small letters for the same.
            return "\(string) GLOB \(try self.text(elements.map(\.glob).joined()))"
        }
        return "\(string) LIKE \(try self.text(elements.map(\.like).joined())) ESCAPE \(escape)"
    }

    /// A backslash.
    private var escape: SQLFragment { dialect == .postgresql ? "E'\\\\'" : "'\\'" }

    func folded(_ term: SQLTerm, _ kind: TextFoldingKind) throws(SQLTranslationError) -> SQLTerm {
        if term.time != nil {
            throw unsupported("\(kind.name) of the time '\(term.name)'", "how the time was written is not known")
        }
        guard let text = term.string else {
            return SQLTerm(name: kind.name, string: nil, isNull: constant(true))
        }
        var value: SQLFragment
        if dialect == .sqlite {
            guard features.contains(.foldingFunctions) else {
                throw unsupported(kind.name, "it needs the functions cql2_casei and cql2_accenti")
            }
            value = kind == .caseFolding ? "cql2_casei(\(text))" : "cql2_accenti(\(text))"
        } else {
            value = try folded(text, kind)
        }
        value = try limited(value)
        return SQLTerm(name: "\(kind.name) of '\(term.name)'", string: value, isNull: "\(value) IS NULL")
    }

    /// By tables of letters: lower case and accent removal differ between versions of databases.
    private func folded(_ text: SQLFragment, _ kind: TextFoldingKind) throws(SQLTranslationError) -> SQLFragment {
        let table = kind == .caseFolding ? FoldingTable.caseFolding : FoldingTable.accents
        var value: SQLFragment = "translate(\(text), \(try self.text(table.from)), \(try self.text(table.to)))"
        for (letter, letters) in table.expansions {
            value = "replace(\(value), \(try self.text(letter)), \(try self.text(letters)))"
        }
        // Nearly all texts are ASCII, for which the tables are not needed.
        let plain: SQLFragment
        switch (kind, dialect) {
        case (.accents, _): plain = text
        case (.caseFolding, .postgresql): plain = "lower(\(text) COLLATE \"C\")"
        default: plain = "lower(\(text))"
        }
        let isPlain: SQLFragment =
            dialect == .duckdb ? "strlen(\(text)) = length(\(text))" : "octet_length(\(text)) = char_length(\(text))"
        return "CASE WHEN \(isPlain) THEN \(plain) ELSE \(value) END"
    }
}

/// An element of a pattern of LIKE.
private enum LikeElement {
    case scalar(Unicode.Scalar)
    case anyCharacter, anyText

    static func elements(of pattern: String) -> [LikeElement] {
        var elements: [LikeElement] = []
        var isEscaped = false
        for scalar in pattern.unicodeScalars {
            switch scalar {
            case _ where isEscaped:
                elements.append(.scalar(scalar))
                isEscaped = false
            case "\\": isEscaped = true
            case "_": elements.append(.anyCharacter)
            case "%": elements.append(.anyText)
            default: elements.append(.scalar(scalar))
            }
        }
        return isEscaped ? elements + [.scalar("\\")] : elements
    }

    var like: String {
        switch self {
        case .scalar(let scalar): "%_\\".unicodeScalars.contains(scalar) ? "\\\(scalar)" : "\(scalar)"
        case .anyCharacter: "_"
        case .anyText: "%"
        }
    }

    var glob: String {
        switch self {
        case .scalar(let scalar): "*?[".unicodeScalars.contains(scalar) ? "[\(scalar)]" : "\(scalar)"
        case .anyCharacter: "?"
        case .anyText: "*"
        }
    }
}
