public import JSON

extension PendingInvitation {
    public var json: JSONValue {
        var levels = JSONObject()
        for (container, level) in members.sorted(by: { $0.key < $1.key }) {
            levels[container] = .string(level.rawValue)
        }
        return [
            "id": JSONValue(Int(id)), "email": .string(email), "sponsor": .string(sponsor),
            "project": .string(project), "end": .string("\(end)"), "expires": .string("\(expiry)"),
            "containers": .object(levels),
        ]
    }
}
