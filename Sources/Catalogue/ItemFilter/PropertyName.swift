public import JSON

/// Maps a filter's or sort key's property name to a member of an Item: one rule for the columns and for the Item's
/// body.
///
/// `id`, `collection` and `geometry` are the Item's own; every other name is a member of `properties`, also when it is
/// written with the prefix `properties.`; where there is no such member, dots lead into nested objects (`a.b`), first
/// of `properties`, then of the Item for the names in `roots`.
public enum PropertyName {
    package static let roots: Set<Substring> = ["assets", "links", "bbox", "type", "stac_version", "stac_extensions"]

    /// Names beyond this many dots lead nowhere: looking for them would take time and memory that go with the square.
    private static let dotLimit = 32

    /// The name without the prefix `properties.`.
    public static func normalized(_ name: String) -> String {
        let prefix = "properties."
        return name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
    }

    /// Whether a name that is no column may still be found in the body of any Item.
    package static func leadsToRoot(_ name: String) -> Bool {
        roots.contains(name.prefix { $0 != "." })
    }

    /// The parts of `a.b.c` before a dot: `a`, `a.b`.
    package static func prefixes(_ name: String) -> [String] {
        guard name.utf8.contains(UInt8(ascii: ".")) else { return [] }
        let dots = name.indices.filter { name[$0] == "." }
        return dots.count > dotLimit ? [] : dots.map { String(name[..<$0]) }
    }

    /// Whether a normalised name can only be a member of `properties` itself.
    package static func isPlain(_ name: String) -> Bool {
        if name == "id" || name == "collection" || name == "geometry" { return false }
        return !leadsToRoot(name) && !name.utf8.contains(UInt8(ascii: "."))
    }

    /// The member for a name, through dots into nested objects; `nil`: there is none, or it is null.
    public static func find(_ name: Substring, in element: JSONElement) -> JSONElement? {
        if let member = element[String(name)] { return member.isNull ? nil : member }
        let dots = name.indices.filter { name[$0] == "." }
        for dot in dots.count > dotLimit ? [] : dots {
            guard let member = element[String(name[..<dot])], member.kind == .object else { continue }
            if let found = find(name[name.index(after: dot)...], in: member) { return found }
        }
        return nil
    }
}
