import NIOCore

/// The deadline at which an idle connection is closed: its client sends neither a request nor the rest of one.
struct IdleDeadline {
    enum State {
        case waiting
        case reading
        /// The request is complete, its response is not.
        case responding
    }

    let timeout: TimeAmount
    var state = State.waiting
    private(set) var deadline: NIODeadline

    init(timeout: TimeAmount, now: NIODeadline) {
        self.timeout = timeout
        deadline = now + timeout
    }

    mutating func extend(now: NIODeadline) {
        deadline = now + timeout
    }

    func hasPassed(now: NIODeadline) -> Bool {
        state != .responding && now >= deadline
    }
}
