import HTTPTypes
public import Hummingbird
import NIOCore

extension Request {
    /// The whole body.
    ///
    /// - Throws: `Problem` when it is larger than allowed. When it does not come in time, the connection is closed.
    public func collectedBody(
        limit: Int, _ deadlines: Deadlines, _ context: EdgeContext
    ) async throws -> [UInt8] {
        if let announced = headers[.contentLength].flatMap({ Int($0) }), announced > limit {
            throw Problem.tooLarge(limit: limit)
        }
        let channel = context.channel
        let ticket = deadlines.watch { channel.close(promise: nil) }
        defer { deadlines.release(ticket) }
        do {
            let buffer = try await body.collect(upTo: limit)
            return Array(buffer.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw Problem.tooLarge(limit: limit)
        }
    }
}
