/// A server that uses a store together with others, as it has reported itself: each sees by that how far the others are.
///
/// The index of a node refers to versions of Items, which must not be purged before the node has learned of their end.
public struct NodeState: Sendable, Hashable {
    /// Of one run of the server: random.
    public let id: String
    /// For people: the host and the port, unless another one is configured.
    public let name: String
    /// The host and the directory of its index, `HOST:PATH`.
    public let home: String
    /// Names of the services that it runs.
    public let services: [String]
    /// Of the program.
    public let version: String
    /// The last change that its searches see.
    public let appliedSequence: SequenceNumber
    /// See `CatalogueEngine.searchLag`.
    public let lag: Duration
    /// Whether it can respond to requests.
    public let isReady: Bool
    /// The time since its last report, by the store's clock.
    public let silence: Duration

    public init(
        id: String, name: String, home: String, services: [String], version: String, appliedSequence: SequenceNumber,
        lag: Duration, isReady: Bool, silence: Duration = .zero
    ) {
        self.id = id
        self.name = name
        self.home = home
        self.services = services
        self.version = version
        self.appliedSequence = appliedSequence
        self.lag = lag
        self.isReady = isReady
        self.silence = silence
    }

    /// Between reports.
    static let reportPace = Duration.seconds(2)
    /// A node that has been silent so long has stopped, or has lost the store.
    package static let longestSilence = Duration.seconds(30)
    /// What a node still finds that has been silent so long is purged: it catches up before it is ready again.
    static let longestAbsence = Duration.seconds(600)
    /// A node that has been silent so long is forgotten.
    package static let forgetfulness = Duration.seconds(3_600)

    package var isSilent: Bool { silence > Self.longestSilence }
}

extension [NodeState] {
    /// The newest change that the searches of all nodes see which are there; `.max` without nodes.
    package var commonSequence: SequenceNumber {
        filter { $0.silence <= NodeState.longestAbsence }.map(\.appliedSequence).min() ?? .max
    }
}
