public import Hummingbird
import Logging
import NIOCore

/// The connection that a request came by.
public struct EdgeContext: RequestContext, Sendable {
    public var coreContext: CoreRequestContextStorage
    let channel: any Channel
    /// `nil` in tests that need none.
    let connection: NIOLoopBound<ConnectionHandler>?

    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        let channel = source.channel
        self.channel = channel
        let handler =
            channel.eventLoop.inEventLoop
            ? try? channel.pipeline.syncOperations.handler(type: ConnectionHandler.self) : nil
        connection = handler.map { NIOLoopBound($0, eventLoop: channel.eventLoop) }
    }
}

/// - Returns: `text` when it is short and printable enough to go into logs and headers.
func usableRequestID(_ text: String?) -> String? {
    guard let text, (1...128).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
        return nil
    }
    return text
}
