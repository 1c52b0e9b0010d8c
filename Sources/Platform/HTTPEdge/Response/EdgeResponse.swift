public import HTTPTypes
import Hummingbird
import Logging
public import NIOCore

/// A response with its body at hand.
public struct EdgeResponse: Sendable {
    public var status: HTTPResponse.Status
    public var headers: HTTPFields
    public var body: ByteBuffer
    /// A stream that follows `body`; `nil`: none.
    public var stream: (any ResponseStream)?
    /// The body's bytes, counted until they have been sent.
    var held: ByteLedger.Holding?

    public init(status: HTTPResponse.Status, headers: HTTPFields = [:], body: ByteBuffer = ByteBuffer()) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Plain text, with status 200.
    public init(text: String) {
        self.init(
            status: .ok, headers: [.contentType: "text/plain; charset=utf-8"], body: ByteBuffer(string: text))
    }
}

extension EdgeServer {
    /// The response as Hummingbird sends it.
    ///
    /// - Parameter isHead: Whether the body is left out, but for its length.
    func response(
        _ response: EdgeResponse, for client: EdgeClient, isHead: Bool, _ log: RequestLog, _ context: EdgeContext
    ) -> Response {
        let connection = context.connection
        connection?.value.held = response.held
        guard let stream = response.stream else {
            let whole = Response(
                status: response.status, headers: response.headers, body: ResponseBody(byteBuffer: response.body))
            return isHead ? whole.createHeadResponse() : whole
        }
        guard !isHead else { return Response(status: response.status, headers: response.headers) }
        let body = ResponseBody { writer in
            do {
                if response.body.readableBytes > 0 { try await writer.write(response.body) }
                while let part = try await part(of: stream, for: client) {
                    connection?.value.held = part.held
                    try await writer.write(part.bytes)
                    // The next part is made when the client has read this one.
                    await connection?.value.waitUntilDrained()
                    part.held.release()
                }
                try await writer.finish(nil)
            } catch {
                if let presence = client.presence, !presence.isGone {
                    metrics.recordCut(.failed)
                    log.log(error, "Response failed", to: logger)
                }
                throw error
            }
        }
        return Response(status: response.status, headers: response.headers, body: body)
    }

    private func part(
        of stream: any ResponseStream, for client: EdgeClient
    ) async throws -> (bytes: ByteBuffer, held: ByteLedger.Holding)? {
        let (unsent, cancellation) = (unsent.large, Cancellation())
        return try await readers.run(
            for: client, isLarge: true, isContinued: true, timeout: configuration.requestTimeout,
            cancellation: cancellation
        ) {
            try stream.next(cancellation).map { ($0, unsent.hold($0.readableBytes, for: client.name)) }
        }
    }
}
