/// How a filter's or sort key's property name leads to a member of an Item: one rule for the columns and for the
/// Item's body.
///
/// `id`, `collection` and `geometry` are the Item's own; every other name is a member of `properties`, also when it is
/// written with the prefix `properties.`; where there is no such member, dots lead into nested objects (`a.b`), first
/// of `properties`, then of the Item for the names in `roots`.
enum PropertyName {
    static let roots: Set<Substring> = ["assets", "links", "bbox", "type", "stac_version", "stac_extensions"]

    static func normalized(_ name: String) -> String {
        let prefix = "properties."
        return name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
    }

    /// Whether a name that is no column may yet be found in the body of any Item.
    static func leadsToRoot(_ name: String) -> Bool {
        roots.contains(name.prefix { $0 != "." })
    }

    /// The parts of `a.b.c` before a dot: `a`, `a.b`.
    static func prefixes(_ name: String) -> [String] {
        name.indices.filter { name[$0] == "." }.map { String(name[..<$0]) }
    }

    /// Whether a normalised name can only be a member of `properties` itself.
    static func isPlain(_ name: String) -> Bool {
        if name == "id" || name == "collection" || name == "geometry" { return false }
        return !leadsToRoot(name) && !name.utf8.contains(UInt8(ascii: "."))
    }
}
