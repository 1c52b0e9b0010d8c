/// The names that stand without quotes in CQL2 text.
///
/// Source: the rules `identifierStart` and `identifierPart` of
/// [the BNF](https://docs.ogc.org/is/21-065r2/21-065r2.html#cql2-bnf).
enum Identifier {
    static func isStart(_ scalar: Unicode.Scalar) -> Bool {
        // The ranges of the BNF take in one space, U+1680.
        if isSpace(scalar) { return false }
        return switch scalar.value {
        case 0x3A, 0x5F, 0x41...0x5A, 0x61...0x7A: true
        case 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2FF, 0x370...0x37D, 0x37F...0x1FFE, 0x200C...0x200D: true
        case 0x2070...0x218F, 0x2C00...0x2FEF, 0x3001...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFFD: true
        case 0x10000...0xEFFFF: true
        default: false
        }
    }

    static func isPart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x2E, 0x30...0x39, 0x300...0x36F, 0x203F...0x2040: true
        default: isStart(scalar)
        }
    }

    /// The rule `whitespace`.
    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    /// Whether a parser reads the bare name as a property or function of that name.
    static func needsQuotes(_ name: String) -> Bool {
        var scalars = name.unicodeScalars.makeIterator()
        guard let first = scalars.next(), isStart(first) else { return true }
        while let scalar = scalars.next() {
            guard isPart(scalar) else { return true }
        }
        return reserved.contains(name.lowercased())
    }

    /// Names that mean something else. Only the keywords must be quoted; the others are for the sake of other parsers.
    private static let reserved: Set<String> =
        Set(Keyword.allCases.map(\.rawValue)).union(geometryTypes)
        .union(["casei", "accenti", "date", "timestamp", "interval", "bbox"])

    static let geometryTypes: Set<String> = [
        "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon", "geometrycollection",
    ]
}
