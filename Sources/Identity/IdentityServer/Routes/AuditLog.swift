import HTTPEdge
import HTTPTypes
import Identity
import JSON

extension AdministrationServer {
    func addAuditLog(to routes: inout RouteGroup) {
        routes.add(
            .get, "/api/admin/audit",
            OpenAPIOperation(
                "listAuditEvents", "The audit log, the newest events first, in pages",
                query: [
                    "actor": "Who did it", "subject": "To whom or what it was done", "action": "What was done",
                    "start": "From when on", "end": "Before when", "limit": "At most so many, up to 1,000",
                    "before": "Id of the last event of the page before",
                ], status: 200), handler(listAuditEvents))
    }

    private func listAuditEvents(_ request: EdgeRequest) async throws -> EdgeResponse {
        let query = try RequestQuery(request, ["actor", "subject", "action", "start", "end", "limit", "before"])
        var wanted = AuditQuery()
        wanted.actor = query.text("actor")
        wanted.subject = query.text("subject")
        if let action = query.text("action") {
            guard let known = AuditAction(rawValue: action) else {
                throw RequestQuery.invalid("action", "must be an action of the audit log, such as account.added")
            }
            wanted.action = known
        }
        (wanted.start, wanted.end) = (try query.time("start"), try query.time("end"))
        wanted.limit = try query.integer("limit", in: 1...1_000, default: 100)
        wanted.before =
            query.text("before") == nil ? nil : Int64(try query.integer("before", in: 0...Int.max, default: 0))
        let events = try await store.events(wanted)
        var document: JSONObject = ["events": .array(events.map(\.json))]
        if events.count == wanted.limit, let last = events.last {
            var pairs = ["actor", "subject", "action", "start", "end", "limit"].compactMap { name in
                query.text(name).map { "\(name)=\(percentEncoded($0))" }
            }
            pairs.append("before=\(last.id)")
            document["next"] = .string("/api/admin/audit?\(pairs.joined(separator: "&"))")
        }
        return response(.object(document))
    }
}
