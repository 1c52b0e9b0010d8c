public import JSON
public import Temporal

extension Account {
    /// As commands and the API show it.
    public func json(at time: Timestamp) -> JSONValue {
        [
            "name": .string(name), "kind": .string(kind.rawValue), "state": .string(state(at: time).rawValue),
            "fullName": .string(fullName), "email": email.map { .string($0) } ?? .null,
            "roles": .array(roles.map(\.rawValue).sorted().map { .string($0) }),
            "sponsor": sponsor.map { .string($0) } ?? .null, "project": project.map { .string($0) } ?? .null,
            "end": end.map { .string("\($0)") } ?? .null,
        ]
    }
}
