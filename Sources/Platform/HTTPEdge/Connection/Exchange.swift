import NIOCore
import NIOHTTP1

/// A request of a connection that has been handed up, and its response.
struct Exchange {
    let head: HTTPRequestHead
    let fault: Problem?
    let begin: NIODeadline
    /// Whether all of the request has been handed up.
    var isComplete = false
    var expectsContinue: Bool
    /// Bytes of the body that have not come yet; `nil`: unknown.
    var missingByteCount: Int?
    var requestID: String?
    var responseBegin: NIODeadline?
    /// Whether the response's length is known.
    var isWhole = false
    /// Whether the client has been told that the connection ends with the response.
    var isLast = false
    /// Whether the response has been sent.
    var hasEnded = false
}
