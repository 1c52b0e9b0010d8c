/// How far searches are behind the store, as following finds it out: to ask does not wait for the store.
struct IndexLag: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// The newest change that the store has named.
    private(set) var newest: SequenceNumber = 0
    /// Searches see all that was stored at this instant; `nil`: not even what was stored when the catalogue was opened.
    private(set) var seesAllAsOf: Instant?
    private let start: Instant
    /// The first change that the store has named and that is not in the index yet, and the instant before it was asked.
    private var awaited: (sequence: SequenceNumber, asked: Instant)?
    /// When the store was asked for what it has not said yet.
    private var asked: Instant?
    private var hasFailed = false

    /// A store that takes longer to say what its newest change is does not respond.
    private static let patience = Duration.seconds(1)

    init(start: Instant = .now) {
        self.start = start
    }

    /// Records that the store is about to be asked for its newest change.
    mutating func ask(at now: Instant = .now) { asked = now }

    /// Records what the store has said.
    mutating func receive(_ newest: SequenceNumber) {
        self.newest = newest
        if awaited == nil, let asked { awaited = (newest, asked) }
        (asked, hasFailed) = (nil, false)
    }

    /// Records that the store has said nothing.
    mutating func fail() { (asked, hasFailed) = (nil, true) }

    /// Records that searches see all changes through `sequence`.
    mutating func apply(through sequence: SequenceNumber) {
        guard let awaited, awaited.sequence <= sequence else { return }
        seesAllAsOf = awaited.asked
        self.awaited = nil
    }

    /// Whether the store has said what it was asked for, or was asked only just now.
    func storeResponds(at now: Instant = .now) -> Bool {
        !hasFailed && asked.map { $0.duration(to: now) < Self.patience } ?? true
    }

    /// Searches see all that was stored so long ago, at least; since the catalogue was opened if they never have.
    func duration(at now: Instant = .now) -> Duration { (seesAllAsOf ?? start).duration(to: now) }
}
