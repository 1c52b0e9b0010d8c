import ArgumentParser
import Identity
import JSON
import ServiceModule

/// Searches the audit log.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Show who did what to accounts and containers, the newest first.")

    @OptionGroup var common: CommonOptions
    @Option(help: ArgumentHelp("Who did it; \"operator\" for commands.", valueName: "name")) var actor: String?
    @Option(help: ArgumentHelp("Account or container that it was done to.", valueName: "name")) var subject: String?
    @Option(help: ArgumentHelp("Such as password.checked.", valueName: "action")) var action: AuditAction?
    @Option(help: ArgumentHelp("From this day or time on (UTC).", valueName: "time")) var since: EndDate?
    @Option(help: ArgumentHelp("Before this day or time (UTC).", valueName: "time")) var until: EndDate?
    @Option(help: ArgumentHelp("Only events before that with this id, to go on.", valueName: "id")) var before: Int64?
    @Option(help: ArgumentHelp("At most so many events.", valueName: "number")) var limit = 100
    @Flag(help: "Print a JSON array.") var json = false

    func validate() throws {
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit must be in 1...10000.") }
    }

    func run() async throws {
        var query = AuditQuery()
        (query.actor, query.subject, query.action) = (actor, subject, action)
        (query.start, query.end) = (since?.time, until?.time)
        (query.before, query.limit) = (before, limit)
        try await common.withIdentity { [query] store in
            let events = try await store.events(query)
            if json { return Console.print(JSONValue.array(events.map(\.json)).jsonText) }
            Console.print(
                rows: events.map { event in
                    [
                        "\(event.id)", "\(event.time)", event.actor.name, event.action.rawValue, event.subject,
                        event.outcome.rawValue, event.details.isEmpty ? "" : JSONValue.object(event.details).jsonText,
                    ]
                })
        }
    }
}
