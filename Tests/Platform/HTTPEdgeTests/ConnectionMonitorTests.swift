import NIOCore
import NIOEmbedded
import NIOHTTP1
import Synchronization
import Testing

@testable import HTTPEdge

@Suite("Connections") struct ConnectionMonitorTests {
    private static func channel() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(handler: ConnectionMonitor(idleTimeout: .seconds(60)))
        channel.pipeline.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 0), promise: nil)
        return channel
    }

    private static let request: [HTTPServerRequestPart] = [
        .head(HTTPRequestHead(version: .http1_1, method: .GET, uri: "/", headers: ["Host": "h"])), .end(nil),
    ]

    private static func respond(_ channel: EmbeddedChannel) throws {
        try channel.writeOutbound(HTTPServerResponsePart.head(.init(version: .http1_1, status: .ok)))
        try channel.writeOutbound(HTTPServerResponsePart.end(nil))
    }

    @Test("tell those who work for a client that it has gone", arguments: [true, false])
    func gone(isHalfClosed: Bool) throws {
        let channel = try Self.channel()
        let presence = try channel.pipeline.syncOperations.handler(type: ConnectionMonitor.self).presence
        let count = Mutex(0)
        let released = presence.whenGone { count.withLock { $0 += 10 } }
        _ = presence.whenGone { count.withLock { $0 += 1 } }
        presence.release(released)
        if isHalfClosed {
            channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        } else {
            channel.pipeline.fireChannelInactive()
        }
        #expect(count.withLock { $0 } == 1)
        _ = presence.whenGone { count.withLock { $0 += 1 } }
        #expect(count.withLock { $0 } == 2)
    }

    @Test("are closed when their clients say nothing")
    func idle() throws {
        let channel = try Self.channel()
        let loop = channel.embeddedEventLoop
        for _ in 0..<5 {
            loop.advanceTime(by: .seconds(50))
            for part in Self.request { try channel.writeInbound(part) }
            try Self.respond(channel)
        }
        loop.advanceTime(by: .seconds(59))
        #expect(channel.isActive)
        loop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }

    @Test("are closed when their clients do not end a request, but not while they wait for a response")
    func halfRequest() throws {
        let (half, whole) = (try Self.channel(), try Self.channel())
        try half.writeInbound(Self.request[0])
        for part in Self.request { try whole.writeInbound(part) }
        for channel in [half, whole] { channel.embeddedEventLoop.advanceTime(by: .seconds(300)) }
        #expect(!half.isActive && whole.isActive)
        try Self.respond(whole)
        whole.embeddedEventLoop.advanceTime(by: .seconds(130))
        #expect(!whole.isActive)
    }
}
