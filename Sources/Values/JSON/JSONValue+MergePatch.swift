extension JSONValue {
    /// This value changed by a merge patch: members of the patch replace those of the same name, object by object;
    /// `null` removes them; a patch that is no object replaces everything.
    ///
    /// Remaining members keep their order; new ones come last.
    ///
    /// - Complexity: O(*n*) in the members of both.
    ///
    /// Source: [RFC 7396](https://www.rfc-editor.org/rfc/rfc7396).
    public func merged(with patch: JSONValue) -> JSONValue {
        guard let changes = patch.object else { return patch }
        var result = object ?? JSONObject()
        // All at once: one by one, each would move the members behind it.
        result.removeMembers(named: Set(changes.lazy.filter(\.value.isNull).map(\.name)))
        for change in changes where !change.value.isNull {
            result[change.name] = (result[change.name] ?? .null).merged(with: change.value)
        }
        return .object(result)
    }
}
