import Temporal

/// How often a device asks for tokens while its user has not decided.
///
/// A poll that comes too early makes the interval 5 s longer, and is otherwise as if it had not been: the next one is
/// measured from the last that was in time. So a device that goes on too fast still gets answers, and one that has slowed
/// down is not told to do so again.
///
/// Source: [RFC 8628, section 3.5](https://www.rfc-editor.org/rfc/rfc8628#section-3.5).
struct DevicePolling: Hashable {
    static let initialInterval: Int64 = 5
    static let longestInterval: Int64 = 60
    /// Seconds that clocks and networks may be off.
    static let tolerance: Int64 = 1

    /// Seconds.
    private(set) var interval = Self.initialInterval
    /// Of the last one that was in time; `nil`: there was none yet.
    private(set) var lastPoll: Timestamp?

    init(interval: Int64 = Self.initialInterval, lastPoll: Timestamp? = nil) {
        self.interval = interval
        self.lastPoll = lastPoll
    }

    /// - Returns: Whether it is in time.
    mutating func poll(at time: Timestamp) -> Bool {
        if let lastPoll, time < lastPoll.adding(seconds: interval - Self.tolerance) {
            interval = min(interval + 5, Self.longestInterval)
            return false
        }
        lastPoll = time
        return true
    }
}
