public import JSON

/// Which links of an Item the API writes itself, and which are the Item's own.
public enum ItemLinks {
    /// Whether responses get this link generated each time: `self`, `parent`, `collection` and `root` depend on where
    /// the API is reached, so that they are not stored.
    public static func isGenerated(_ link: JSONElement) -> Bool {
        guard let relation = link.member("rel") else { return false }
        return relation.equals("self") || relation.equals("parent") || relation.equals("collection")
            || relation.equals("root")
    }
}
