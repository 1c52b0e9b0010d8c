public import JSON

extension Dataset {
    /// As somebody with this access sees it.
    public func json(_ access: DatasetAccess) -> JSONValue {
        [
            "container": .string(container), "name": .string(name), "description": .string(description),
            "eligible": .array(eligible.map { "\($0)" }.sorted().map { .string($0) }),
            "version": JSONValue(Int(version)), "changed": .string("\(change)"),
            "documents": .array(documents.map { ["title": .string($0.title), "href": .string($0.href)] }),
            "status": .string(access.rawValue),
        ]
    }
}
