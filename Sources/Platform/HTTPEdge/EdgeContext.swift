public import Hummingbird
import Logging
import NIOCore

/// The connection that a request came by.
public struct EdgeContext: RequestContext, Sendable {
    public var coreContext: CoreRequestContextStorage
    let channel: any Channel

    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// The connection, where it is known: on its own event loop.
    var connection: NIOLoopBound<ConnectionHandler>? {
        guard channel.eventLoop.inEventLoop,
            let handler = try? channel.pipeline.syncOperations.handler(type: ConnectionHandler.self)
        else { return nil }
        return NIOLoopBound(handler, eventLoop: channel.eventLoop)
    }
}

/// - Returns: `text` when it is short and printable enough to go into logs and headers.
func usableRequestID(_ text: String?) -> String? {
    guard let text, (1...128).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
        return nil
    }
    return text
}
