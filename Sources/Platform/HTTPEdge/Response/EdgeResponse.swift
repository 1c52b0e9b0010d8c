public import HTTPTypes
import Hummingbird
public import NIOCore

/// A response with its body at hand.
public struct EdgeResponse: Sendable {
    public var status: HTTPResponse.Status
    public var headers: HTTPFields
    public var body: ByteBuffer
    /// A stream that follows `body`; `nil`: none.
    public var stream: (any ResponseStream)?

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
    func response(_ response: EdgeResponse, for client: EdgeClient, isHead: Bool) -> Response {
        guard let stream = response.stream else {
            let whole = Response(
                status: response.status, headers: response.headers, body: ResponseBody(byteBuffer: response.body))
            return isHead ? whole.createHeadResponse() : whole
        }
        guard !isHead else { return Response(status: response.status, headers: response.headers) }
        let readers = readers
        let timeout = configuration.requestTimeout
        let body = ResponseBody { writer in
            if response.body.readableBytes > 0 { try await writer.write(response.body) }
            // Writing waits for the client to read.
            while true {
                let cancellation = Cancellation()
                let part = try await readers.run(for: client, timeout: timeout, cancellation: cancellation) {
                    try stream.next(cancellation)
                }
                guard let part else { break }
                try await writer.write(part)
            }
            try await writer.finish(nil)
        }
        return Response(status: response.status, headers: response.headers, body: body)
    }
}
