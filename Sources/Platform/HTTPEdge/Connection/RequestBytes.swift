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
    /// Bytes that have been inspected: each is once, however small the pieces are in which a head comes.
    private var inspectedCount = 0
    /// Of the first line, behind empty ones.
    private var lineStart = 0
    /// Of the first line's line feed; `nil`: it has not come.
    private var lineEnd: Int?
    /// Whether the bytes may be the beginning of a request line. As of the last `inspect`.
    private(set) var isText = true

    init() {}

    init(_ text: String) {
        bytes.writeString(text)
        inspect()
    }

    /// Costs nothing for a head that comes at once, as almost all do.
    mutating func append(_ more: ByteBuffer) {
        if bytes.readableBytes == 0 {
            bytes = more
        } else if bytes.readableBytes < Self.mostBytes {
            bytes.writeImmutableBuffer(more)
        }
    }

    mutating func clear() {
        // Costs nothing for a head that came at once.
        if bytes.readableBytes > 0 { self = HeadText() }
    }

    /// Finds out about the bytes that have come since the last time.
    mutating func inspect() {
        bytes.withUnsafeReadableBytes { bytes in
            for at in inspectedCount..<bytes.count {
                let byte = bytes[at]
                let isLineEnd = byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n")
                if !isLineEnd, !(0x20...0x7e).contains(byte) { isText = false }
                if isLineEnd, at == lineStart {
                    lineStart += 1
                } else if byte == UInt8(ascii: "\n"), lineEnd == nil {
                    lineEnd = at
                }
            }
            inspectedCount = bytes.count
        }
    }

    /// The first line, without its end; `nil`: it is not complete. As of the last `inspect`.
    var requestLine: String? {
        guard let lineEnd else { return nil }
        let line = bytes.readableBytesView.dropFirst(lineStart).prefix(lineEnd - lineStart)
        return String(decoding: line.filter { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
    }

    /// The version of HTTP at the end of the first line, if it is none of version 1.
    var foreignVersion: String? {
        guard let version = requestLine?.split(separator: " ").last, version.hasPrefix("HTTP/") else { return nil }
        let digits = Array(version.utf8.dropFirst(5))
        func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        guard digits.count == 3, isDigit(digits[0]), digits[1] == UInt8(ascii: "."), isDigit(digits[2]),
            digits[0] != UInt8(ascii: "1")
        else { return nil }
        return String(version)
    }

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
