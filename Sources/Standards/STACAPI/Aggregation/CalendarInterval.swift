/// A calendar interval, UTC. A week begins on Monday.
public enum CalendarInterval: String, Sendable, Hashable, CaseIterable {
    case year, quarter, month, week, day, hour, minute, second
}
