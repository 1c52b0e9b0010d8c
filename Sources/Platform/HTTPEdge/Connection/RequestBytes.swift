import NIOCore

/// Shows a connection its bytes before they are decoded: the decoder tells of a head only when it is complete, and not why it
/// cannot take one.
final class RequestBytes: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connection: ConnectionHandler

    init(_ connection: ConnectionHandler) {
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connection.willDecode(unwrapInboundIn(data), context.eventLoop.now)
        context.fireChannelRead(data)
        connection.didDecode()
    }
}

/// The bytes of a head that is not complete yet.
struct HeadText {
    /// More than the decoder takes of a line.
    private static let mostBytes = 160 << 10

    private var bytes = ByteBuffer()

    init() {}

    init(_ text: String) {
        bytes.writeString(text)
    }

    /// Costs nothing for a head that comes at once, as almost all do.
    mutating func append(_ more: ByteBuffer) {
        if bytes.readableBytes == 0 {
            bytes = more
        } else if bytes.readableBytes < Self.mostBytes {
            bytes.writeImmutableBuffer(more)
        }
    }

    mutating func clear() { bytes = ByteBuffer() }

    /// The first line, without its end; `nil`: it is not complete.
    var requestLine: String? {
        let view = bytes.readableBytesView.drop { $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }
        guard let end = view.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        return String(decoding: view[..<end].filter { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
    }

    /// Whether the bytes may be the beginning of a request line.
    var isText: Bool { bytes.readableBytesView.allSatisfy { (0x20...0x7e).contains($0) || $0 == 0x0d || $0 == 0x0a } }

    /// Whether the length of the body is given in two ways.
    var hasTwoLengths: Bool {
        values(of: "content-length").count + values(of: "transfer-encoding").count > 1
            && !values(of: "content-length").isEmpty
    }

    /// The values of a field, as far as the bytes go.
    ///
    /// - Parameter name: In lower case.
    func values(of name: String) -> [Substring] {
        String(buffer: bytes).split(whereSeparator: \.isNewline).dropFirst().compactMap { line in
            guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == name else { return nil }
            return trimmed(line[line.index(after: colon)...])
        }
    }
}
