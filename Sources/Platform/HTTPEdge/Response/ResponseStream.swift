public import NIOCore

/// The body of a response that is too long to be had at once.
public protocol ResponseStream: Sendable {
    /// The next part, worked out on a thread that may block; `nil`: that was all. Never called twice at a time.
    ///
    /// - Throws: An error closes the connection in the middle of the response, so that the client does not take it for
    ///   complete.
    func next(_ cancellation: Cancellation) throws -> ByteBuffer?
}
