import NIOCore

/// Whether a client reads too slowly: it has to take a minimum of bytes in each window of time in which any are unsent.
struct SendingWindow {
    /// Bytes a second.
    static let minimumRate = 4_096

    let length: TimeAmount
    private var begin: NIODeadline?
    private var sentBefore = 0

    init(length: TimeAmount) {
        self.length = length
    }

    /// - Parameters:
    ///   - sent: Bytes that the system has taken so far, from the connection's begin.
    ///   - unsent: Bytes that wait for the client to read.
    mutating func isTooSlow(sent: Int, unsent: Int, now: NIODeadline) -> Bool {
        guard unsent > 0 else {
            begin = nil
            return false
        }
        guard let begin else {
            (self.begin, sentBefore) = (now, sent)
            return false
        }
        guard now >= begin + length else { return false }
        let minimum = Int(length.nanoseconds / 1_000_000) * Self.minimumRate / 1_000
        let isTooSlow = sent - sentBefore < minimum
        (self.begin, sentBefore) = (now, sent)
        return isTooSlow
    }
}
