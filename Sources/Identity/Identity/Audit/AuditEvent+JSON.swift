public import JSON

extension AuditEvent {
    /// As commands and the API show it.
    public var json: JSONValue {
        [
            "id": JSONValue(Int(id)), "time": .string("\(time)"), "actor": .string(actor.name),
            "address": actor.address.map { .string($0) } ?? .null, "action": .string(action.rawValue),
            "subject": .string(subject), "outcome": .string(outcome.rawValue), "details": .object(details),
        ]
    }
}
