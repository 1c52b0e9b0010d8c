extension JSONValue {
    /// This value changed by a merge patch: members of the patch replace those of the same name, object by object;
    /// `null` removes them; a patch that is no object replaces everything.
    ///
    /// Remaining members keep their order; new ones come last.
    ///
    /// Source: [RFC 7396](https://www.rfc-editor.org/rfc/rfc7396).
    public func merged(with patch: JSONValue) -> JSONValue {
        guard let changes = patch.object else { return patch }
        var result = object ?? JSONObject()
        for change in changes {
            if change.value.isNull {
                result[change.name] = Optional.none
            } else {
                result[change.name] = (result[change.name] ?? .null).merged(with: change.value)
            }
        }
        return .object(result)
    }
}
