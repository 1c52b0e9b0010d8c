public import JSON

extension Container {
    /// As commands and the API show it, with its members.
    public var json: JSONValue {
        let members = members.sorted { $0.key < $1.key }.map { name, level -> JSONValue in
            ["account": .string(name), "level": .string(level.rawValue)]
        }
        return [
            "id": .string(id), "title": .string(title), "path": path.map { .string($0) } ?? .null,
            "members": .array(members),
        ]
    }
}
