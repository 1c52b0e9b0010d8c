extension FreeTextDocument {
    /// Whether a member of an Item's `properties` belongs to its texts, when it is a string or an array that holds
    /// some.
    ///
    /// These are properties without an extension's prefix, such as `title`, `description`, `keywords`, `platform`,
    /// `instruments` and properties added by curators, and extensions' properties named `title`, `description` or
    /// `keywords`. Other members of extensions are identifiers and codes, which filters are for. Strings that read as
    /// date and time are none either.
    public static func isText(property name: String) -> Bool {
        guard let colon = name.utf8.lastIndex(of: UInt8(ascii: ":")) else { return true }
        return ["title", "description", "keywords"].contains(name[name.utf8.index(after: colon)...])
    }
}
